"""Makes inputs with every member that botocore's model of an operation has, valid by the model's own rules."""

import re
from re import _constants as C
from re import _parser

from fakeaws import validation

DEPTH = 12
# Tried before a text is derived from the pattern: what reads well in a failure.
TEXTS = ("sample-name", "sample", "eu-west-1", "1234", "s3://bucket/prefix", "arn:aws:iam::111122223333:role/sample",
         "arn:aws:kms:eu-west-1:111122223333:key/sample", "subnet-0123456789abcdef0", "sg-0123456789abcdef0",
         "111122223333.dkr.ecr.eu-west-1.amazonaws.com/image:1", "/opt/ml/path", "text/csv", "cron(0 * ? * * *)", "-PT1H",
         "https://example.com/repository.git", "arn:aws:lambda:eu-west-1:111122223333:function:sample")


def _from_pattern(tree):
    """A text that a parsed pattern accepts: as short as it allows, the first of what may stand."""
    text = ""
    for kind, value in tree:
        if kind is C.LITERAL:
            text += chr(value)
        elif kind is C.ANY:
            text += "a"
        elif kind is C.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif kind is C.IN:
            text += _one_of(value)
        elif kind in (C.MAX_REPEAT, C.MIN_REPEAT):
            low, high, inner = value
            text += _from_pattern(inner) * max(low, min(high, 1))
        elif kind is C.SUBPATTERN:
            text += _from_pattern(value[3])
        elif kind is C.BRANCH:
            text += _from_pattern(value[1][0])
    return text


def _one_of(choices):
    kind, value = choices[0]
    if kind is C.NEGATE:
        return next(each for each in "a1-_ " if not re.fullmatch(_class_of(choices[1:]), each))
    if kind is C.RANGE:
        return chr(value[0])
    if kind is C.CATEGORY:
        return {C.CATEGORY_DIGIT: "1", C.CATEGORY_SPACE: " ", C.CATEGORY_WORD: "a"}.get(value, "a")
    return chr(value)


def _class_of(choices):
    parts = []
    for kind, value in choices:
        if kind is C.RANGE:
            parts.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif kind is C.LITERAL:
            parts.append(re.escape(chr(value)))
        elif kind is C.CATEGORY:
            parts.append({C.CATEGORY_DIGIT: r"\d", C.CATEGORY_SPACE: r"\s"}.get(value, r"\w"))
    return "[" + "".join(parts) + "]"


def _text(shape, name):
    if shape.enum:
        return shape.enum[-1]
    low, high = shape.metadata.get("min", 1), shape.metadata.get("max", 10**6)
    pattern = shape.metadata.get("pattern")
    compiled = validation.pattern_of(pattern) if pattern else None
    for text in (f"sample-{name.lower()}"[:40], *TEXTS):
        text = text[:high].ljust(low, "a")
        if not compiled or compiled.fullmatch(text):
            return text
    text = _from_pattern(_parser.parse(compiled.pattern))
    while len(text) < low:
        text += text[-1]
    return text


def make(shape, variant=0, name="", depth=0):
    """A value with all members. Of a union's members `variant` chooses one; numbers differ from their defaults."""
    kind = shape.type_name
    if kind == "structure":
        members = list(shape.members.items())
        if getattr(shape, "is_tagged_union", False):
            members = [members[variant % len(members)]]
        if depth > DEPTH:
            members = [(each, member) for each, member in members if each in shape.required_members]
        return {each: make(member, variant, each, depth + 1) for each, member in members}
    if kind == "list":
        count = max(1, shape.metadata.get("min", 0))
        return [make(shape.member, variant, name, depth + 1) for _ in range(count)]
    if kind == "map":
        return {make(shape.key, variant, name, depth + 1): make(shape.value, variant, name, depth + 1)}
    if kind == "string":
        return _text(shape, name)
    if kind == "boolean":
        return variant % 2 == 0
    if kind in ("integer", "long", "float", "double"):
        low, high = shape.metadata.get("min", 1), shape.metadata.get("max", 10**6)
        value = min(max(low, 7), high)
        return float(value) if kind in ("float", "double") else int(value)
    if kind == "timestamp":
        return 1_780_000_000  # botocore sends whole seconds
    return b"blob"
