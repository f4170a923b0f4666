"""The query language of AWS Config's SelectResourceConfig, as far as a scanner has a use for it:

    SELECT property, … | * [, COUNT(*)] WHERE condition [GROUP BY property, …] [ORDER BY property [ASC | DESC], …]

Conditions: = != < <= > >= LIKE, NOT LIKE, IN (…), NOT IN (…), BETWEEN … AND …, AND, OR, NOT, parentheses.
"""

import re

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
                   r"|(?P<mark>!=|<>|<=|>=|[=<>(),*])|(?P<word>[A-Za-z_][\w.]*))")
KEYWORDS = frozenset("select where and or not in like between group order by asc desc count true false".split())


class BadExpression(Exception):
    pass


def values_at(item, path):
    """All values a property has: lists on the way are looked into."""
    found = [item]
    for step in path.split("."):
        following = []
        for value in found:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    # Names are compared without regard to case, as Config does.
                    match = [key for key in each if key.lower() == step.lower()]
                    following += [each[match[0]]] if match else []
        found = following
    flat = []
    for value in found:
        flat += value if isinstance(value, list) else [value]
    return flat


class Query:
    """A parsed expression; `run` gives the rows."""

    def __init__(self, expression):
        self.tokens = self._split(expression)
        self.position = 0
        self.columns, self.condition, self.groups, self.orders = [], None, [], []
        self._parse()

    def _split(self, text):
        tokens, at = [], 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if not match:
                raise BadExpression(f"Syntax error at position {at}")
            at = match.end()
            kind, value = match.lastgroup, match[match.lastgroup]
            if kind == "text":
                tokens.append(("value", value[1:-1].replace("''", "'")))
            elif kind == "number":
                tokens.append(("value", float(value) if "." in value else int(value)))
            elif kind == "word" and value.lower() in KEYWORDS:
                tokens.append(("key", value.lower()))
            else:
                tokens.append((kind, value))
        return tokens

    def _next(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def _take(self, kind, value=None):
        token = self._next()
        if token[0] == kind and (value is None or token[1] == value):
            self.position += 1
            return token[1]
        return None

    def _need(self, kind, value=None):
        taken = self._take(kind, value)
        if taken is None:
            raise BadExpression(f"Unexpected {self._next()[1]!r}; expected {value or kind}")
        return taken

    def _parse(self):
        self._need("key", "select")
        while True:
            self.columns.append(self._column())
            if not self._take("mark", ","):
                break
        if self._take("key", "where"):
            self.condition = self._or()
        if self._take("key", "group"):
            self._need("key", "by")
            self.groups = [self._need("word")]
            while self._take("mark", ","):
                self.groups.append(self._need("word"))
        if self._take("key", "order"):
            self._need("key", "by")
            self.orders = [self._order()]
            while self._take("mark", ","):
                self.orders.append(self._order())
        if self._next()[0] != "end":
            raise BadExpression(f"Unexpected {self._next()[1]!r}")

    def _column(self):
        if self._take("mark", "*"):
            return "*"
        if self._take("key", "count"):
            for mark in "(*)":
                self._need("mark", mark)
            return "COUNT(*)"
        return self._need("word")

    def _order(self):
        column = self._column()
        down = bool(self._take("key", "desc"))
        if not down:
            self._take("key", "asc")
        return column, down

    def _or(self):
        parts = [self._and()]
        while self._take("key", "or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else lambda item: any(part(item) for part in parts)

    def _and(self):
        parts = [self._not()]
        while self._take("key", "and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda item: all(part(item) for part in parts)

    def _not(self):
        if self._take("key", "not"):
            inner = self._not()
            return lambda item: not inner(item)
        if self._take("mark", "("):
            inner = self._or()
            self._need("mark", ")")
            return inner
        return self._comparison()

    def _value(self):
        token = self._next()
        if token[0] == "value" or token[0] == "key" and token[1] in ("true", "false"):
            self.position += 1
            return token[1] == "true" if token[0] == "key" else token[1]
        raise BadExpression(f"Unexpected {token[1]!r}; expected a value")

    def _comparison(self):
        path = self._need("word")
        negated = bool(self._take("key", "not"))
        if self._take("key", "in"):
            self._need("mark", "(")
            wanted = [self._value()]
            while self._take("mark", ","):
                wanted.append(self._value())
            self._need("mark", ")")
            test = wanted.__contains__
        elif self._take("key", "like"):
            text = str(self._value())
            # Config knows one wildcard, at the end.
            pattern = re.compile(re.escape(text).replace("%", ".*"))
            test = lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))  # noqa: E731
        elif self._take("key", "between"):
            low = self._value()
            self._need("key", "and")
            high = self._value()
            test = lambda value: type(value) is type(low) and low <= value <= high  # noqa: E731
        elif negated:
            raise BadExpression("Unexpected 'not'")
        else:
            test, negated = self._operator()
        return lambda item: negated != any(test(value) for value in values_at(item, path))

    def _operator(self):
        mark, wanted = self._need("mark"), self._value()
        tests = {
            "=": lambda value: value == wanted, "!=": lambda value: value == wanted, "<>": lambda value: value == wanted,
            "<": lambda value: type(value) is type(wanted) and value < wanted,
            "<=": lambda value: type(value) is type(wanted) and value <= wanted,
            ">": lambda value: type(value) is type(wanted) and value > wanted,
            ">=": lambda value: type(value) is type(wanted) and value >= wanted,
        }
        if mark not in tests:
            raise BadExpression(f"Unexpected {mark!r}")
        return tests[mark], mark in ("!=", "<>")

    def run(self, items):
        chosen = [item for item in items if self.condition is None or self.condition(item)]
        if self.groups or "COUNT(*)" in self.columns:
            counted = {}
            for item in chosen:
                key = tuple((values_at(item, path) or [None])[0] for path in self.groups)
                counted[key] = counted.get(key, 0) + 1
            rows = [{**dict(zip(self.groups, key)), "COUNT(*)": count} for key, count in counted.items()]
            for column, down in reversed(self.orders):
                rows.sort(key=lambda row: str(row.get(column, "")), reverse=down)
            return rows
        for column, down in reversed(self.orders):
            chosen = sorted(chosen, key=lambda item: str((values_at(item, column) or [""])[0]), reverse=down)
        return [self._row(item) for item in chosen]

    def _row(self, item):
        if "*" in self.columns:
            return item
        row = {}
        for column in self.columns:
            self._copy(item, column.split("."), row)
        return row

    def _copy(self, source, steps, target):
        """Copies one property with its surroundings: {"configuration": {"name": …}}."""
        match = [key for key in source if key.lower() == steps[0].lower()] if isinstance(source, dict) else []
        if not match:
            return
        key, value = match[0], source[match[0]]
        if len(steps) == 1:
            target[key] = value
        elif isinstance(value, list):
            parts = target.setdefault(key, [{} for _ in value])
            for each, part in zip(value, parts):
                self._copy(each, steps[1:], part)
        else:
            self._copy(value, steps[1:], target.setdefault(key, {}))
