#include "source/config/survey.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/text.h"

namespace sagewarden::config {
namespace {

// Far beyond what AWS allows (10 variants, 15 containers), so that an invented item with a million
// elements costs no more memory than a real one.
constexpr size_t kMaxAbsent = 256;
constexpr size_t kMaxTrees = 256;

constexpr std::string_view kNotAsked = "the query may not have asked for it";
constexpr std::string_view kListMark = "[]";

template <class Number>
void append_number(std::string& out, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof bytes);
}

template <class Number>
Number take_number(std::string_view& text) {
  Number number = 0;
  std::memcpy(&number, text.data(), sizeof number);
  text.remove_prefix(sizeof number);
  return number;
}

template <class Number>
uint64_t load(const uint8_t* text) {
  Number number = 0;
  std::memcpy(&number, text, sizeof number);
  return number;
}

// The name or string at that place of the tape.
std::string_view text_at(const json::Tape& tape, uint32_t at) {
  return json::Value(&tape, at).string();
}

// Equal names have equal marks; few others do.
[[gnu::always_inline]] inline uint64_t mark_of(std::string_view name) {
  const auto* text = reinterpret_cast<const uint8_t*>(name.data());
  const size_t size = name.size();
  uint64_t front = 0;
  uint64_t back = 0;
  if (size >= 8) {
    front = load<uint64_t>(text);
    back = load<uint64_t>(text + size - 8);
  } else if (size >= 4) {
    front = load<uint32_t>(text);
    back = load<uint32_t>(text + size - 4);
  } else {
    for (size_t place = 0; place < size; ++place) front = (front << 8U) | text[place];
  }
  return front + std::rotl(back, 29) + size;
}

// The names of one object so far.
class Names {
 public:
  // False when the name was perhaps there before, or there are too many to tell.
  [[gnu::always_inline]] bool add(uint64_t mark) {
    const uint64_t bit = uint64_t{1} << ((mark * 0x9E37'79B9'7F4A'7C15ULL) >> 58U);
    if (((seen_ & bit) != 0 && had(mark)) || count_ == kFew) return false;
    seen_ |= bit;
    marks_[count_++] = mark;
    return true;
  }

 private:
  // Real objects have some twenty names at most.
  static constexpr size_t kFew = 64;

  bool had(uint64_t mark) const {
    const auto end = marks_.begin() + static_cast<std::ptrdiff_t>(count_);
    return std::find(marks_.begin(), end, mark) != end;
  }

  uint64_t seen_ = 0;  // one of 64 bits for each name: most names show at once that they are new
  size_t count_ = 0;
  std::array<uint64_t, kFew> marks_;  // only the first count_ are ever read
};

char tag_at(const json::Tape& tape, uint32_t at) {
  return static_cast<char>(tape.words[at] >> 56U);
}
bool is_container(char tag) {
  return tag == '{' || tag == '[';
}
// Where the container at that place ends: its closing word.
uint32_t end_of(const json::Tape& tape, uint32_t at) {
  return static_cast<uint32_t>(tape.words[at]) - 1;
}
// How many words a value that is no container takes.
uint32_t words_of(char tag) {
  return tag == 'l' || tag == 'u' || tag == 'd' ? 2 : 1;
}

// The exact way, for where marks do not tell: whether the object itself has a name twice.
bool has_name_twice(const json::Tape& tape, uint32_t at) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : json::Value(&tape, at).members()) names.push_back(name);
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

// Whether no object at or below the container has a name twice. `at` goes on behind the container.
// Written on the tape itself and not with json::Members, because it sees every name of every item.
bool are_names_distinct(const json::Tape& tape, uint32_t& at) {
  const bool object = tag_at(tape, at) == '{';
  const uint32_t begin = at;
  const uint32_t end = end_of(tape, at);
  bool clear = true;
  Names names;
  for (++at; at < end;) {
    if (object) {
      clear = clear && names.add(mark_of(text_at(tape, at)));
      ++at;
    }
    const char tag = tag_at(tape, at);
    if (!is_container(tag)) {
      at += words_of(tag);
    } else if (!are_names_distinct(tape, at)) {
      return false;
    }
  }
  at = end + 1;
  return clear || !has_name_twice(tape, begin);
}

}  // namespace

Survey::Survey(const TypeShape& shape, Absent absent)
    : open_(absent == Absent::MayNotBeAsked || !shape.config_schema_published) {
  if (open_) {
    instead_ = shape.fields;
    absent == Absent::MayNotBeAsked
        ? all_open_.open(UnknownCause::NotExported, kNotAsked)
        : all_open_.open(UnknownCause::NotRecorded, "AWS Config does not say what it records of " +
                                                        std::string(shape.cloudformation));
    return;
  }
  for (const Field& field : shape.fields) place_of(field.path).recorded = field.config_records;
  settle(root_, true);
}

// The place at a path, made with all places above it when it is not there yet.
Survey::Place& Survey::place_of(std::string_view path) {
  Place* place = &root_;
  std::string way;
  for (std::string_view name : split(path, '.')) {
    const bool list = name.ends_with(kListMark);
    if (list) name.remove_suffix(kListMark.size());
    if (!way.empty()) way += '.';
    way += name;
    auto found = std::ranges::find(place->places, name, &Place::name);
    if (found == place->places.end()) {
      const auto number = static_cast<uint16_t>(paths_.size());
      found = place->places.insert(found, Place{.name = std::string(name), .number = number});
      paths_.push_back(way);
    }
    place = &*found;
    if (!list) continue;
    place->list = true;
    way += kListMark;
  }
  return *place;
}

// What lies below a place that is not recorded is not recorded either. Drops the places that lead
// to none such.
void Survey::settle(Place& place, bool parent_recorded) {
  place.recorded = place.recorded && parent_recorded;
  for (Place& below : place.places) settle(below, place.recorded);
  std::erase_if(place.places,
                [](const Place& below) { return below.recorded && below.places.empty(); });
  for (const Place& below : place.places) place.marks.push_back(mark_of(below.name));
}

Survey::Answer Survey::look(json::Value configuration) {
  absent_places_.clear();
  elements_.clear();
  absent_count_ = 0;
  uint32_t at = configuration.index();
  if (!look_into(root_, *configuration.tape(), at)) return {.name_twice = true};
  if (open_) return {.unknown = open_tree(configuration)};
  if (absent_places_.empty()) return {};
  if (absent_count_ > kMaxAbsent) absent_places_ = "many";  // no list of places is that short
  const auto known = trees_.find(std::string_view(absent_places_));
  if (known != trees_.end()) return {.unknown = &known->second};
  if (trees_.size() == kMaxTrees) trees_.clear();
  return {.unknown = &trees_.emplace(absent_places_, make_tree()).first->second};
}

// Looks at an object, or at those in a list. Returns false when a name is given twice.
bool Survey::look_into(Place& place, const json::Tape& tape, uint32_t& at) {
  const bool list = tag_at(tape, at) == '[';
  if (place.places.empty() || list != place.list) return are_names_distinct(tape, at);
  if (!list) return look_at_object(place, tape, at);
  const uint32_t end = end_of(tape, at);
  uint32_t element = 0;
  for (++at; at < end; ++element) {
    const char tag = tag_at(tape, at);
    if (!is_container(tag)) {
      at += words_of(tag);
      continue;
    }
    elements_.push_back(element);
    const bool distinct =
        tag == '{' ? look_at_object(place, tape, at) : are_names_distinct(tape, at);
    elements_.pop_back();
    if (!distinct) return false;
  }
  at = end + 1;
  return true;
}

bool Survey::look_at_object(Place& place, const json::Tape& tape, uint32_t& at) {
  const uint64_t number = ++objects_;
  const uint32_t begin = at;
  const uint32_t end = end_of(tape, at);
  bool clear = true;
  Names names;
  for (++at; at < end;) {
    const std::string_view name = text_at(tape, at);
    const uint64_t mark = mark_of(name);
    clear = clear && names.add(mark);
    const char tag = tag_at(tape, ++at);
    Place* below = place_below(place, name, mark);
    if (below != nullptr && tag != 'n') below->seen = number;
    if (!is_container(tag)) {
      at += words_of(tag);
    } else if (below != nullptr ? !look_into(*below, tape, at) : !are_names_distinct(tape, at)) {
      return false;
    }
  }
  at = end + 1;
  for (const Place& below : place.places) {
    if (below.seen != number && !below.recorded) note(below);
  }
  return clear || !has_name_twice(tape, begin);
}

Survey::Place* Survey::place_below(Place& place, std::string_view name, uint64_t mark) {
  const auto found = std::ranges::find(place.marks, mark);
  if (found == place.marks.end()) return nullptr;
  Place& below = place.places[static_cast<size_t>(found - place.marks.begin())];
  return below.name == name ? &below : nullptr;
}

void Survey::note(const Place& place) {
  if (++absent_count_ > kMaxAbsent) return;
  append_number(absent_places_, place.number);
  for (const uint32_t element : elements_) append_number(absent_places_, element);
}

// Of two alternatives, the one that is there says that the other is not set.
const UnknownNode* Survey::open_tree(json::Value configuration) {
  bool is_made = false;
  for (const Field& field : instead_) {
    if (field.instead_of.empty()) continue;
    const size_t dot = field.path.rfind('.');
    const bool at_top = dot == std::string_view::npos;
    const std::string_view parent = at_top ? "" : field.path.substr(0, dot);
    json::Value object = configuration;
    if (!at_top) {
      for (const std::string_view name : split(parent, '.')) object = object[name];
    }
    if (object[field.instead_of].string_or({}).empty()) continue;
    if (!is_made) {
      partly_closed_ = UnknownNode();
      partly_closed_.open(all_open_.cause, all_open_.reason);
      is_made = true;
    }
    UnknownNode* node = &partly_closed_;
    for (const std::string_view name : split(field.path, '.')) node = &node->child(name);
    if (object[field.path.substr(at_top ? 0 : dot + 1)].is_object()) continue;
    node->close();
  }
  return is_made ? &partly_closed_ : &all_open_;
}

UnknownNode Survey::make_tree() const {
  constexpr UnknownCause kCause = UnknownCause::NotRecorded;
  UnknownNode root;
  if (absent_count_ > kMaxAbsent) {
    root.unknown = true;
    root.cause = kCause;
    root.reason = "more than " + std::to_string(kMaxAbsent) + " places of the item are absent";
    return root;
  }
  for (std::string_view rest = absent_places_; !rest.empty();) {
    std::string path = paths_[take_number<uint16_t>(rest)];
    for (size_t mark = path.find(kListMark); mark != std::string::npos;
         mark = path.find(kListMark, mark)) {
      const std::string element = "[" + std::to_string(take_number<uint32_t>(rest)) + "]";
      path.replace(mark, kListMark.size(), element);
    }
    mark_unknown(root, path, Known::Nothing, kCause, "AWS Config does not record " + path);
  }
  return root;
}

}  // namespace sagewarden::config
