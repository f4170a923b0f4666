// Operators, macros and functions of the language: expression and outcome, a row each. What the
// conformance cases have is not repeated in full.
#include <gtest/gtest.h>

#include "cel/outcome.h"

namespace sagewarden::cel {
namespace {

void expect_all(std::span<const Row> rows, std::span<const Variable> variables = {}) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(outcome(row.expression, variables), row.want);
  }
}

constexpr std::string_view kOverflow = "error: integer overflow: return error for overflow";

TEST(Evaluate, Arithmetic) {
  const Row rows[] = {
      {"9223372036854775807 + 1", kOverflow},
      {"-9223372036854775808 - 1", kOverflow},
      {"9223372036854775807 * 2", kOverflow},
      {"-(-9223372036854775808)", kOverflow},
      {"-9223372036854775808 / -1", kOverflow},
      {"-9223372036854775808 % -1", kOverflow},
      {"18446744073709551615u + 1u", kOverflow},
      {"1u - 2u", kOverflow},
      {"18446744073709551615u * 2u", kOverflow},
      {"1 / 0", "error: division by zero"},
      {"1u / 0u", "error: division by zero"},
      {"1 % 0", "error: modulus by zero"},
      {"1u % 0u", "error: modulus by zero"},
      {"-7 / 2", "-3"},
      {"-7 % 2", "-1"},
      {"7u / 2u", "3"},
      {"7u % 4u * 2u - 1u + 1u", "6"},
      {"1.0 / 0.0", "Infinity"},
      {"-1.0 / 0.0", "-Infinity"},
      {"0.0 / 0.0 == 0.0 / 0.0", "false"},
      {"1.5 + 1.0 - 0.5 * 2.0", "1.5"},
      {"'a' + 'b'", R"("ab")"},
      {"b'a' + b'b' == b'ab'", "true"},
      {"[1] + [2] + []", "[1,2]"},
      {"1 + 1u", "error: no such overload: +(int, uint)"},
      {"1 + 1.0", "error: no such overload: +(int, double)"},
      {"'a' - 'b'", "error: no such overload: -(string, string)"},
      {"'a' * 2", "error: no such overload: *(string, int)"},
      {"1.0 % 2.0", "error: no such overload: %(double, double)"},
      {"null / 1", "error: no such overload: /(null_type, int)"},
      {"-1u", "error: no such overload: -(uint)"},
      {"!1", "error: no such overload: !(int)"},
  };
  expect_all(rows);
}

TEST(Evaluate, EqualityAndOrder) {
  const Row rows[] = {
      {"1 == 1.0 && 1u == 1 && 1.0 == 1u", "true"},
      {"1 == 1.5 || 1 == '1' || 1 == null || true == 1", "false"},
      {"[1, 2.0] == [1u, 2] && {'a': [1]} == {'a': [1.0]}", "true"},
      {"[1] == [1, 2] || {'a': 1} == {'b': 1} || {'a': 1} == {'a': 1, 'b': 1}", "false"},
      {"null == null && b'a' == b'a' && int == type(1)", "true"},
      {"1 != 2 && !('a' != 'a')", "true"},
      {"-1 < 1u && 1u > -1 && 18446744073709551615u > 1 && 1 < 1.5 && 2u > 1.5", "true"},
      {"'a' < 'b' && 'B' < 'a' && b'a' <= b'a' && false < true", "true"},
      {"0.0 / 0.0 < 1.0 || 0.0 / 0.0 >= 1.0", "false"},
      {"timestamp(1) < timestamp(2) && duration('1s') >= duration('1000ms')", "true"},
      {"1 < 'a'", "error: no such overload: comparison(int, string)"},
      {"[1] < [2]", "error: no such overload: comparison(list, list)"},
      {"2 in [1, 2.0] && 'a' in {'a': 1} && 1.0 in {1: 1} && !('b' in {'a': 1})", "true"},
      {"1 in 'a'", "error: no such overload: in(int, string)"},
  };
  expect_all(rows);
}

TEST(Evaluate, MembersAndElements) {
  const Row rows[] = {
      {"{'a': {'b': 1}}.a.b", "1"},
      {"{'a': 1}.b", "error: no such key: b"},
      {"'a'.b", "error: string has no members: no such key: b"},
      {"{'a': 1}['a'] + {1: 2}[1u] + {true: 3}[true]", "6"},
      {"{1: 2}[1.5]", "error: no such key: double"},
      {"[1, 2][1.0] + [1][0u]", "3"},
      {"[1][1]", "error: index out of range"},
      {"[1][-1]", "error: invalid_argument: no such position in a list"},
      {"[1]['a']", "error: no such overload: [](list, string)"},
      {"1[0]", "error: no such overload: [](int, int)"},
      {"has({'a': 1}.a) && !has({'a': 1}.b)", "true"},
      {"has('a'.b)", "error: string has no members: no such key: b"},
      {"{'a': 1, 'a': 2}", "error: a map has the same key twice (repeated key)"},
      {"{1: 1, 1u: 2}", "error: a map has the same key twice (repeated key)"},
      {"{1.5: 1}", "error: unsupported key type: double"},
  };
  expect_all(rows);
}

TEST(Evaluate, LargeMapsAreFoundByHash) {
  const Row rows[] = {
      {"{0:0,1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9,'a':10,true:11,12u:12}[12]", "12"},
      {"{0:0,1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9,'a':10,true:11,12u:12}['a']", "10"},
      {"{0:0,1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9,'a':10,true:11,12u:12}[true]", "11"},
      {"{0:0,1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9,'a':10,true:11,12u:12}[7.0]", "7"},
      {"{0:0,1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9}[10]", "error: no such key: int"},
      {"{0:0,1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9,9u:10}",
       "error: a map has the same key twice (repeated key)"},
  };
  expect_all(rows);
}

TEST(Evaluate, Macros) {
  const Row rows[] = {
      {"[1, 2, 3].all(x, x > 0) && ![1, 2].all(x, x > 1)", "true"},
      {"[1, 2].exists(x, x == 2) && ![].exists(x, true)", "true"},
      {"[1, 2, 2].exists_one(x, x == 1) && ![1, 2, 2].exists_one(x, x == 2)", "true"},
      {"[1, 2, 3].map(x, x * x)", "[1,4,9]"},
      {"[1, 2, 3].map(x, x > 1, x * x)", "[4,9]"},
      {"[1, 2, 3].filter(x, x % 2 == 1)", "[1,3]"},
      {"{'a': 1, 'b': 2}.filter(k, k != 'a')", R"(["b"])"},
      {"{'a': 1, 'b': 2}.map(k, k + '!')", R"(["a!","b!"])"},
      {"{'a': 1}.all(k, v, k == 'a' && v == 1)", "true"},
      {"[5, 6].exists(i, v, i == 1 && v == 6)", "true"},
      {"[5, 6].transformList(i, v, i > 0, v + i)", "[7]"},
      {"{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 10)", R"({"b":20})"},
      {"{'a': 'x'}.transformMapEntry(k, v, {v: k})", R"({"x":"a"})"},
      {"{'a': 'x', 'b': 'x'}.transformMapEntry(k, v, {v: k})",
       "error: a map has the same key twice (repeated key)"},
      {"{'a': 1}.transformMapEntry(k, v, {})", "error: transformMapEntry wants maps of one entry"},
      {"{'a': 1}.transformMapEntry(k, v, 1)", "error: no such overload: transformMapEntry(int)"},
      {"[[1, 2], [3]].map(x, x.map(y, y + x.size()))", "[[3,4],[4]]"},
      {"[1].all(x, [2].all(x, x == 2) && x == 1)", "true"},
      {"cel.bind(a, 2, a * cel.bind(b, a + 1, b * b))", "18"},
      {"1.all(x, true)", "error: only a list or a map can be gone over, not int"},
      {"[1].filter(x, 1)", "error: no such overload: condition(int)"},
      {"[1].map(x, 1, x)", "error: no such overload: condition(int)"},
      {"[1].exists_one(x, 1)", "error: no such overload: condition(int)"},
      {"{'a': 1}.transformMap(k, v, 1, v)", "error: no such overload: condition(int)"},
      {"[1].all(x, 1)", "error: no such overload: condition(int)"},
  };
  expect_all(rows);
}

TEST(Evaluate, Optionals) {
  const Row rows[] = {
      {"{'a': 1}.?a.orValue(2) + {}.?a.orValue(2)", "3"},
      {"{'a': {'b': 1}}.?a.?b.value()", "1"},
      {"{'a': {'b': 1}}.?a.b.value()", "1"},
      {"{'a': {}}.?a.b.hasValue()", "false"},
      {"{'a': [1]}.?a[?0].value() + {'a': [1]}[?'a'][0].value()", "2"},
      {"[1][?1].hasValue()", "false"},
      {"{}.?a.value()", "error: optional.none() dereference"},
      {"optional.none().or(optional.of(1)).value()", "1"},
      {"optional.of(1).or(1 / 0).value()", "1"},
      {"optional.of(1).optMap(x, x + 1).value()", "2"},
      {"optional.of(1).optFlatMap(x, optional.none()).hasValue()", "false"},
      {"optional.ofNonZeroValue('').hasValue() || optional.ofNonZeroValue([]).hasValue()", "false"},
      {"optional.ofNonZeroValue(1.5).hasValue() && optional.ofNonZeroValue(int).hasValue()",
       "true"},
      {"[?optional.none(), ?optional.of(1), 2]", "[1,2]"},
      {"{?'a': optional.none(), ?'b': optional.of(1)}", R"({"b":1})"},
      {"type(optional.none()) == optional_type", "true"},
      {"has({'a': 1}.?a.b)", "error: int has no members: no such key: b"},
      {"'a'.?b", "error: string has no members: no such key: b"},
      {"1[?0]", "error: no such overload: [](int, int)"},
      {"[?1]", "error: no such overload: [?](int)"},
      {"{?'a': 1}", "error: no such overload: {?}(int)"},
      {"1.or(optional.none())", "error: no such overload: or(int)"},
      {"1.orValue(2)", "error: no such overload: orValue(int)"},
      {"optional.none().or(1)", "error: no such overload: or(int)"},
      {"1.optMap(x, x)", "error: no such overload: optMap(int)"},
      {"optional.of(1).optFlatMap(x, x)", "error: no such overload: optFlatMap(int)"},
      {"1.hasValue()", "error: no such overload: hasValue(int)"},
      {"1.value()", "error: no such overload: value(int)"},
      {"optional.of(1) == optional.of(1.0) && optional.of(1) != optional.none()", "true"},
  };
  expect_all(rows);
}

TEST(Evaluate, Conversions) {
  const Row rows[] = {
      {"int('-12') + int(3.9) + int(4u) + int(timestamp(5)) + int('+1')", "1"},
      {"int('1x')", "error: Type conversion error: no int in '1x'"},
      {"int('')", "error: Type conversion error: no int in ''"},
      {"int(1e19)", "error: range error: the number does not fit the type"},
      {"int(18446744073709551615u)", "error: range error: the number does not fit the type"},
      {"int(0.0 / 0.0)", "error: range error: the number does not fit the type"},
      {"int([])", "error: no such overload: int(list)"},
      {"uint('12') + uint(3.9) + uint(4)", "19"},
      {"uint(-1)", "error: range error: the number does not fit the type"},
      {"uint(-0.5)", "error: range error: the number does not fit the type"},
      {"uint('-1')", "error: Type conversion error: no uint in '-1'"},
      {"uint(null)", "error: no such overload: uint(null_type)"},
      {"double('1.5') + double(2) + double(3u)", "6.5"},
      {"double('x')", "error: Type conversion error: no double in 'x'"},
      {"double(true)", "error: no such overload: double(bool)"},
      {"string(1) + string(2u) + string(1.5) + string(true) + string(b'b') + string('s')",
       R"("121.5truebs")"},
      {"string(timestamp(0)) + string(duration('90s')) + string(int)",
       R"("1970-01-01T00:00:00Z90sint")"},
      {"string(b'\\xff')", "error: invalid UTF-8 in bytes"},
      {"string(null)", "error: no such overload: string(null_type)"},
      {"bytes('ä') == b'ä' && bytes(b'a') == b'a'", "true"},
      {"bytes(1)", "error: no such overload: bytes(int)"},
      {"bool('true') && !bool('f') && bool(true)", "true"},
      {"bool('yes')", "error: Type conversion error: no bool in 'yes'"},
      {"bool(1)", "error: no such overload: bool(int)"},
      {"dyn(1)", "1"},
      {"type(1) == int && type(1u) == uint && type([]) == list && type({}) == map", "true"},
      {"timestamp(1) == timestamp('1970-01-01T00:00:01Z')", "true"},
      {"timestamp(true)", "error: no such overload: timestamp(bool)"},
      {"duration(1)", "error: no such overload: duration(int)"},
  };
  expect_all(rows);
}

TEST(Evaluate, StandardTextFunctions) {
  const Row rows[] = {
      {"size('äb') + size(b'äb') + size([1]) + size({'a': 1}) + 'abc'.size()", "10"},
      {"size(1)", "error: no such overload: size(int)"},
      {"'abc'.contains('bc') && 'abc'.startsWith('ab') && 'abc'.endsWith('bc')", "true"},
      {"'abc'.contains('') && !'abc'.startsWith('b') && !''.endsWith('a')", "true"},
      {"'abc'.contains(1)", "error: no such overload: contains(string, int)"},
      {"'abc'.matches('^a.c$') && matches('abc', 'b') && !'abc'.matches('^b')", "true"},
      {"['a.c'].all(p, 'abc'.matches(p))", "true"},
      {"['('].all(p, 'abc'.matches(p))", "error: invalid regular expression: missing ): ("},
      {"1.matches('a')", "error: no such overload: matches(int)"},
      {"'a'.matches(1)", "error: no such overload: matches(string, int)"},
  };
  expect_all(rows);
}

TEST(Evaluate, StringsExtension) {
  const Row rows[] = {
      {"'häh'.charAt(1) + 'abc'.charAt(3)", R"("ä")"},
      {"'abc'.charAt(4)", "error: index out of range: 4"},
      {"'abc'.charAt('a')", "error: no such overload: charAt(string, string)"},
      {"'äbäb'.indexOf('b') + 'äbäb'.indexOf('b', 2) * 10 + 'a'.indexOf('x') * 100", "-69"},
      {"'äbäb'.lastIndexOf('ä') + 'äbäb'.lastIndexOf('b', 2) * 10", "12"},
      {"'abc'.indexOf('a', -1)", "error: index out of range: -1"},
      {"'AbÄ'.lowerAscii() + 'abä'.upperAscii()", R"("abÄABä")"},
      {"'aXbXc'.replace('X', '-') + 'aXbXc'.replace('X', '', 1)", R"("a-b-cabXc")"},
      {"'äb'.replace('', '-') + 'ab'.replace('', '-', 2) + ''.replace('', '-')", R"("-ä-b--a-b-")"},
      {"'a'.replace('a', 'b', 0)", R"("a")"},
      {"'a,b,,c'.split(',')", R"(["a","b","","c"])"},
      {"'a,b,c'.split(',', 2)", R"(["a","b,c"])"},
      {"'äb'.split('')", R"(["ä","b"])"},
      {"''.split('') == [] && ''.split(',') == [''] && 'a'.split(',', 0) == []", "true"},
      {"'äbc'.substring(1) + 'äbc'.substring(0, 1)", R"("bcä")"},
      {"'abc'.substring(2, 1)", "error: invalid substring range: it ends before it begins"},
      {"'abc'.substring(4)", "error: index out of range: 4"},
      {"' \\u00a0\\ta b\\n\\u3000'.trim()", R"("a b")"},
      {"['a', 'b'].join() + ['a', 'b'].join(', ') + [].join('x')", R"("aba, b")"},
      {"[1].join()", "error: no such overload: join(int)"},
      {"'a'.join()", "error: no such overload: join(string)"},
      {"'aäb'.reverse()", R"("bäa")"},
      {"strings.quote('a\"b\\n\\\\')", R"("\"a\\\"b\\n\\\\\"")"},
      {"lowerAscii('A')", "error: line 1, column 1: unknown function 'lowerAscii'"},
      {"1.trim()", "error: no such overload: trim(int)"},
      {"1.reverse()", "error: no such overload: reverse(int)"},
      {"'a'.replace(1, 2)", "error: no such overload: replace(string, int, …)"},
      {"'a'.split(1)", "error: no such overload: split(string, int)"},
      {"1.upperAscii()", "error: no such overload: upperAscii(int)"},
      {"strings.quote(1)", "error: no such overload: strings.quote(int)"},
  };
  expect_all(rows);
}

TEST(Evaluate, Format) {
  const Row rows[] = {
      {"'%s %d %.1f %e %x %X %o %b %%'.format(['a', 1, 2.25, 1.0, 255, 'J', 8, 5])",
       R"("a 1 2.2 1.000000e+00 ff 4A 10 101 %")"},
      {"'%s'.format([[1, {'b': null, 'a': true}, duration('1s'), 1.5, b'x', int]])",
       R"("[1, {a: true, b: null}, 1s, 1.5, x, int]")"},
      {"'%d %x %f'.format([-5, -255, 1])", R"("-5 -ff 1.000000")"},
      {"'%f %d %s'.format([1.0 / 0.0, 0.0 / 0.0, -1.0 / 0.0])", R"("Infinity NaN -Infinity")"},
      {"'%b'.format([true])", R"("1")"},
      {"'%s'.format([])", "error: index 0 out of range"},
      {"'%'.format([1])", "error: could not parse formatting clause: the text ends"},
      {"'%.f'.format([1.0])", "error: could not parse formatting clause: no such precision"},
      {"'%.99999f'.format([1.0])", "error: could not parse formatting clause: no such precision"},
      {"'%q'.format([1])",
       "error: could not parse formatting clause: unrecognized formatting clause \"q\""},
      {"'%d'.format(['a'])",
       "error: error during formatting: only whole numbers have such digits, was given string"},
      {"'%f'.format(['a'])",
       "error: error during formatting: only numbers have a fraction, was given string"},
      {"'%s'.format([optional.none()])",
       "error: error during formatting: an optional has no text, was given optional_type"},
      {"'a'.format('b')", "error: no such overload: format(string, string)"},
  };
  expect_all(rows);
}

TEST(Evaluate, Math) {
  const Row rows[] = {
      {"math.greatest(1, 2.5, 2u)", "2.5"},
      {"math.least([3, 2u, 2.5])", "2"},
      {"math.greatest([])", "error: math.greatest of an empty list"},
      {"math.least(1, 'a')", "error: no such overload: math.least(int, string)"},
      {"math.greatest(['a'])", "error: no such overload: math.greatest(list)"},
      {"[math.ceil(1.2), math.floor(-1.2), math.round(2.5), math.trunc(-1.7)]", "[2,-2,3,-1]"},
      {"math.ceil(1)", "error: no such overload: math rounding(int)"},
      {"[math.abs(-2), math.sign(-2.5), math.sign(0u), math.sqrt(9)]", "[2,-1,0,3]"},
      {"math.abs(-9223372036854775808)", "error: integer overflow"},
      {"math.isNaN(0.0 / 0.0) && math.isInf(1.0 / 0.0) && math.isFinite(1.0)", "true"},
      {"[math.bitAnd(6, 3), math.bitOr(6, 3), math.bitXor(6, 3), math.bitNot(0)]", "[2,7,5,-1]"},
      {"[math.bitShiftLeft(1, 3), math.bitShiftRight(-1, 63), math.bitShiftLeft(1u, 64)]",
       "[8,1,0]"},
      {"math.bitShiftLeft(1, -1)", "error: math.bitShiftLeft: negative offset"},
      {"math.bitAnd(1, 1u)", "error: no such overload: math.bitAnd(int, uint)"},
      {"math.sqrt('a')", "error: no such overload: math.sqrt(string)"},
      {"math.sign('a')", "error: no such overload: math.sign(string)"},
      {"math.isNaN(1)", "error: no such overload: math test(int)"},
  };
  expect_all(rows);
}

TEST(Evaluate, Base64) {
  const Row rows[] = {
      {"base64.encode(b'') + base64.encode(b'a') + base64.encode(b'ab') + base64.encode(b'abc')",
       R"("YQ==YWI=YWJj")"},
      {"base64.decode('YQ==') == b'a' && base64.decode('YWI') == b'ab'", "true"},
      {"base64.decode('Y')", "error: base64.decode: not base64"},
      {"base64.decode('YW=')", "error: base64.decode: not base64"},
      {"base64.decode('Y*==')", "error: base64.decode: not base64"},
      {"base64.encode('a')", "error: no such overload: base64.encode(string)"},
      {"base64.decode(b'a')", "error: no such overload: base64.decode(bytes)"},
  };
  expect_all(rows);
}

TEST(Evaluate, NamesAndScopes) {
  const Variable variables[] = {{"x", Value::integer(1)},
                                {"a.b", Value::integer(2)},
                                {"math", Value::string("mine")},
                                {"absent", Value::json({})}};
  const Row rows[] = {
      {"x + a.b", "3"},
      {"[5].all(x, x == 5) && x == 1", "true"},
      {"[5].all(x, .x == 1)", "true"},
      {"a", "error: line 1, column 1: undeclared reference to 'a'"},
      {"math.size()", "4"},
      {"math.abs(1)", "error: line 1, column 6: unknown function 'abs'"},
      {"absent", "error: no value"},
      {"google.protobuf.Duration == type(duration('1s'))", "true"},
  };
  expect_all(rows, variables);
}

TEST(Evaluate, ADocument) {
  const json::Document document = *json::parse_document(
      R"({"a": {"b": [1, 2.5, "s", true, null, 18446744073709551615]}, "k-1": {}})");
  const Variable variables[] = {{"r", Value::json(document.root)}};
  const Row rows[] = {
      {"r.a.b", R"([1,2.5,"s",true,null,18446744073709551615])"},
      {"r['a']['b'][1] + 0.5", "3"},
      {"r.a.b == [1, 2.5, 's', true, null, 18446744073709551615u]", "true"},
      {"r.a == {'b': r.a.b} && {'b': r.a.b} == r.a && r != r.a", "true"},
      {"type(r.a.b[0]) == int && type(r.a.b[5]) == uint && type(r.a) == map", "true"},
      {"size(r) + size(r.a.b)", "8"},
      {"'a' in r && !('b' in r) && !(1 in r) && 2.5 in r.a.b", "true"},
      {"r.map(k, k)", R"(["a","k-1"])"},
      {"r.a.b.exists(i, v, i == 2 && v == 's')", "true"},
      {"r.all(k, v, type(v) == map)", "true"},
      {"r.`k-1` == {}", "true"},
      {"has(r.a.b) && !has(r.a.c) && !has(r.`k-1`.c)", "true"},
      {"r.a.b[6]", "error: index out of range"},
      {"r.c", "error: no such key: c"},
      {"r[1]", "error: no such key: int"},
      {"r.a.b + [7]", R"([1,2.5,"s",true,null,18446744073709551615,7])"},
  };
  expect_all(rows, variables);
}

}  // namespace
}  // namespace sagewarden::cel
