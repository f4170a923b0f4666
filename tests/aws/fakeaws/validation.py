"""Validates an input against botocore's model of it, as the service at the other end does: also what botocore itself
doesn't look at (enums, patterns, upper limits). A problem is (kind, path, text); kinds: type, unknown, constraint.
"""

import itertools
import re
import sys
import unicodedata
from functools import lru_cache

SCALARS = {
    "string": str, "character": str, "boolean": bool, "integer": int, "long": int, "float": (int, float),
    "double": (int, float), "timestamp": (int, float, str), "blob": (str, bytes),
}
POSIX = {"Alnum": "0-9A-Za-z", "Alpha": "A-Za-z", "Digit": "0-9", "Print": "\\x20-\\x7e", "Graph": "\\x21-\\x7e",
         "IsAlphabetic": None, "ASCII": "\\x00-\\x7f", "XDigit": "0-9A-Fa-f", "Upper": "A-Z", "Lower": "a-z"}


@lru_cache(maxsize=None)
def _categories():
    """The characters of each Unicode category ("L", "Lu"), as the inside of a character class. All at once, because looking
    at each character takes longer than everything else."""
    found, code = {}, 0
    for name, same in itertools.groupby(map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))):
        first, code = code, code + sum(1 for _ in same)
        for key in (name, name[0]):
            found.setdefault(key, []).append(f"\\U{first:08x}-\\U{code - 1:08x}")
    return {key: "".join(ranges) for key, ranges in found.items()}


@lru_cache(maxsize=None)
def pattern_of(text):
    """The compiled pattern (the models' patterns are Java's), or None for one that Python can't say."""
    text = text.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010ffff")  # Java's characters have 16 bits
    translated = re.sub(r"\\p\{(\w+)\}", lambda m: POSIX.get(m[1]) or _categories().get(m[1], ""), text)
    try:
        return re.compile(translated)
    except re.error:
        return None


def _lower(name):
    return name[:1].lower() + name[1:]


def validate(shape, value):
    problems = []
    if shape is not None:
        _validate(shape, value, "", problems)
    return problems


def _join(path, name):
    return f"{path}.{name}" if path else name


def _validate(shape, value, path, problems):
    kind = shape.type_name
    if kind == "structure":
        _validate_structure(shape, value, path, problems)
    elif kind == "list":
        if not isinstance(value, list):
            problems.append(("type", path, "is no list"))
            return
        _validate_size(shape, value, len(value), path, problems)
        for number, each in enumerate(value, 1):
            _validate(shape.member, each, f"{path}.{number}.member", problems)
    elif kind == "map":
        if not isinstance(value, dict):
            problems.append(("type", path, "is no map"))
            return
        _validate_size(shape, value, len(value), path, problems)
        for key, each in value.items():
            _validate(shape.key, key, _join(path, key), problems)
            _validate(shape.value, each, f"{path}.{key}.member", problems)
    else:
        _validate_scalar(shape, value, path, problems)


def _validate_structure(shape, value, path, problems):
    if not isinstance(value, dict):
        problems.append(("type", path, "is no structure"))
        return
    if getattr(shape, "is_document_type", False):
        return
    for name in shape.required_members:
        if value.get(name) is None:
            problems.append(("constraint", _join(path, _lower(name)), "Value null at '{}' failed to satisfy constraint: "
                             "Member must not be null".format(_join(path, _lower(name)))))
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        problems.append(("constraint", path, f"Value at '{path}' failed to satisfy constraint: exactly one member must be set"))
    for name, each in value.items():
        if name not in shape.members:
            problems.append(("unknown", _join(path, name), "no such member"))
        elif each is not None:
            _validate(shape.members[name], each, _join(path, _lower(name)), problems)


def _validate_size(shape, value, size, path, problems):
    noun = "length" if not isinstance(value, (int, float)) else "value"
    for bound, words, wrong in (("max", "less than or equal to", lambda limit: size > limit),
                                ("min", "greater than or equal to", lambda limit: size < limit)):
        limit = shape.metadata.get(bound)
        if limit is not None and wrong(limit):
            problems.append(("constraint", path, _failed(value, path, f"Member must have {noun} {words} {limit}")))


def _failed(value, path, rule):
    shown = value if isinstance(value, (str, int, float)) else "[…]"
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: {rule}"


def _validate_scalar(shape, value, path, problems):
    wanted = SCALARS[shape.type_name]
    right = isinstance(value, wanted) and (isinstance(value, bool) == (shape.type_name == "boolean"))
    if not right:
        problems.append(("type", path, f"is {type(value).__name__}, not {shape.type_name}"))
        return
    if shape.type_name in ("timestamp", "blob"):
        return
    if isinstance(value, str):
        _validate_size(shape, value, len(value), path, problems)
        enum = getattr(shape, "enum", [])
        if enum and value not in enum:
            rule = f"Member must satisfy enum value set: [{', '.join(enum)}]"
            problems.append(("constraint", path, _failed(value, path, rule)))
        pattern = shape.metadata.get("pattern")
        compiled = pattern_of(pattern) if pattern else None
        if compiled and not compiled.fullmatch(value):
            rule = "Member must satisfy regular expression pattern: " + pattern
            problems.append(("constraint", path, _failed(value, path, rule)))
    elif not isinstance(value, bool):
        _validate_size(shape, value, value, path, problems)


def message(problems):
    """The words in which AWS says it."""
    texts = [text for kind, _, text in problems if kind == "constraint"]
    noun = "error" if len(texts) == 1 else "errors"
    return f"{len(texts)} validation {noun} detected: " + "; ".join(texts)


def described(problem):
    """A problem for the reader of a test's failure."""
    kind, path, text = problem
    return f"{kind}: {text}" if kind == "constraint" or not path else f"{kind}: {path}: {text}"
