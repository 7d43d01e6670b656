package dev.keg.volume;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.keg.error.InvalidInput.InvalidFilter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Selects the volumes that {@code ls} shows and {@code prune} removes: docker's filters, and
 * podman's if docker has none. Values of one key are alternatives, except for labels and options,
 * all of which must match; different keys must all match.
 */
public final class VolumeFilter {
  public static final Set<String> LIST_KEYS =
      Set.of(
          "after",
          "anonymous",
          "dangling",
          "description",
          "driver",
          "holder",
          "host",
          "id",
          "label",
          "label!",
          "name",
          "opt",
          "path",
          "pool",
          "protected",
          "scope",
          "since",
          "status",
          "type",
          "until");
  public static final Set<String> PRUNE_KEYS =
      Set.of("after", "all", "anonymous", "label", "label!", "since", "until");

  private static final Set<String> BACKUP_KEYS = Set.of("driver", "label", "label!", "name");

  static final Map<String, Boolean> WORDS =
      Map.of("true", true, "1", true, "false", false, "0", false);

  private final List<Predicate<Facts>> tests;

  private VolumeFilter(List<Predicate<Facts>> tests) {
    this.tests = List.copyOf(tests);
  }

  /**
   * A volume and facts outside its description, which are looked up only by filters that need them.
   */
  public interface Facts {
    Volume volume();

    VolumeStatus status();

    boolean isHeld();

    /** The containers, machines and targets that hold it. */
    Set<String> holderNames();

    /** Its file system and the format of its file. */
    Set<String> types();

    /** The path of its data. */
    Path path();

    /** The name of its pool. */
    String pool();
  }

  /** The facts that a filter needs beyond the volume. */
  public record Context(Clock clock, Function<String, Optional<Instant>> createdOf) {}

  public static VolumeFilter forList(FilterArguments arguments, Context context) {
    arguments.allow(LIST_KEYS);
    List<Predicate<Facts>> tests = common(arguments, context);
    if (arguments.has("dangling")) {
      boolean wanted = arguments.truth("dangling", WORDS);
      tests.add(facts -> facts.isHeld() != wanted);
    }
    if (arguments.has("driver")) {
      tests.add(facts -> arguments.of("driver").contains(facts.volume().driver()));
    }
    if (arguments.has("name")) {
      Predicate<String> name = name(arguments.of("name"));
      tests.add(facts -> name.test(facts.volume().name().text()));
    }
    if (arguments.has("opt")) {
      tests.add(facts -> allHold(arguments.of("opt"), facts.volume().options().map()));
    }
    if (arguments.has("scope")) {
      tests.add(_ -> arguments.of("scope").contains("local"));
    }
    if (arguments.has("status")) {
      Set<VolumeStatus> wanted = statuses(arguments);
      tests.add(facts -> wanted.contains(facts.status()));
    }
    if (arguments.has("label!")) {
      tests.add(facts -> noneHolds(arguments.of("label!"), facts.volume().labels()));
    }
    tests.addAll(DetailFilter.of(arguments, context.clock()));
    return new VolumeFilter(tests);
  }

  /** For volumes as backups describe them. */
  public static Predicate<Volume> forBackups(FilterArguments arguments) {
    arguments.allow(BACKUP_KEYS);
    Predicate<String> name = name(arguments.of("name"));
    return volume ->
        (!arguments.has("driver") || arguments.of("driver").contains(volume.driver()))
            && (!arguments.has("name") || name.test(volume.name().text()))
            && allHold(arguments.of("label"), volume.labels().map())
            && noneHolds(arguments.of("label!"), volume.labels());
  }

  /** Without {@code all}, only volumes that were created without a name. */
  public static VolumeFilter forPrune(boolean all, FilterArguments arguments, Context context) {
    arguments.allow(PRUNE_KEYS);
    List<Predicate<Facts>> tests = common(arguments, context);
    if (!pruneAll(all, arguments)) {
      tests.add(facts -> facts.volume().anonymous());
    }
    // Docker: a volume is kept only if it has every one of these labels.
    if (arguments.has("label!")) {
      tests.add(
          facts ->
              facts.volume().labels().isEmpty()
                  || !allHold(arguments.of("label!"), facts.volume().labels().map()));
    }
    return new VolumeFilter(tests);
  }

  private static boolean pruneAll(boolean all, FilterArguments arguments) {
    if (!arguments.has("all")) {
      return all;
    }
    Set<String> values = arguments.of("all");
    if (all) {
      throw new InvalidFilter(
          "conflicting options: cannot specify both --all and --filter all="
              + values.iterator().next(),
          null);
    }
    if (values.size() > 1) {
      throw new InvalidFilter(
          arguments.invalid("all").getMessage() + ": only one value is expected", null);
    }
    String value = values.iterator().next();
    return GoSyntax.bool(value)
        .orElseThrow(
            () ->
                new InvalidFilter(
                    "invalid filter 'all': strconv.ParseBool: parsing \""
                        + value
                        + "\": invalid syntax",
                    null));
  }

  private static List<Predicate<Facts>> common(FilterArguments arguments, Context context) {
    List<Predicate<Facts>> tests = new ArrayList<>();
    if (arguments.has("label")) {
      tests.add(facts -> allHold(arguments.of("label"), facts.volume().labels().map()));
    }
    if (arguments.has("anonymous")) {
      boolean wanted = anonymous(arguments);
      tests.add(facts -> facts.volume().anonymous() == wanted);
    }
    for (String until : arguments.of("until")) {
      Instant limit = moment(until, context.clock());
      tests.add(facts -> facts.volume().created().isBefore(limit));
    }
    for (String key : List.of("since", "after")) {
      for (String since : arguments.of(key)) {
        Instant limit = created(since, context);
        tests.add(facts -> facts.volume().created().isAfter(limit));
      }
    }
    return tests;
  }

  private static boolean anonymous(FilterArguments arguments) {
    for (String value : arguments.of("anonymous")) {
      if (!WORDS.containsKey(value)) {
        throw new InvalidFilter(
            "\"%s\" is not a valid value for the \"anonymous\" filter - must be true or false"
                .formatted(value),
            null);
      }
    }
    return arguments.truth("anonymous", WORDS);
  }

  private static Instant moment(String text, Clock clock) {
    return Moment.parse(text, clock)
        .orElseThrow(
            () ->
                new InvalidFilter(
                    "invalid filter 'until=" + text + "': not a time",
                    "write 2026-11-20, 2026-11-20T10:00:00Z, seconds since 1970,"
                        + " or how long ago: 24h"));
  }

  private static Instant created(String volume, Context context) {
    return context
        .createdOf()
        .apply(volume)
        .orElseThrow(
            () -> new InvalidFilter("invalid filter 'since=" + volume + "': no such volume", null));
  }

  private static Set<VolumeStatus> statuses(FilterArguments arguments) {
    Set<VolumeStatus> statuses = new TreeSet<>();
    for (String word : arguments.of("status")) {
      statuses.add(VolumeStatus.of(word).orElseThrow(() -> unknownStatus(arguments)));
    }
    return statuses;
  }

  private static InvalidFilter unknownStatus(FilterArguments arguments) {
    return new InvalidFilter(
        String.valueOf(arguments.invalid("status").getMessage()),
        "a status is "
            + Arrays.stream(VolumeStatus.values())
                .map(VolumeStatus::text)
                .collect(Collectors.joining(", ")));
  }

  // Docker's names are exact, or regular expressions of Go (RE2), whose time is linear in the name;
  // a bad expression matches nothing.
  private static Predicate<String> name(Set<String> values) {
    List<Pattern> patterns = values.stream().flatMap(value -> pattern(value).stream()).toList();
    return name -> values.contains(name) || patterns.stream().anyMatch(p -> p.matcher(name).find());
  }

  private static Optional<Pattern> pattern(String text) {
    try {
      return Optional.of(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean allHold(Collection<String> wanted, SortedMap<String, String> map) {
    return wanted.stream().allMatch(text -> holds(text, map));
  }

  private static boolean noneHolds(Collection<String> unwanted, Labels labels) {
    return unwanted.stream().noneMatch(text -> holds(text, labels.map()));
  }

  private static boolean holds(String wanted, SortedMap<String, String> map) {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? map.containsKey(wanted)
        : wanted.substring(equals + 1).equals(map.get(wanted.substring(0, equals)));
  }

  /** This filter and one more test. */
  public VolumeFilter and(Predicate<Facts> test) {
    List<Predicate<Facts>> more = new ArrayList<>(tests);
    more.add(test);
    return new VolumeFilter(more);
  }

  public boolean matches(Facts facts) {
    // Not a stream: this runs for each volume of a long list, usually without any test.
    for (Predicate<Facts> test : tests) {
      if (!test.test(facts)) {
        return false;
      }
    }
    return true;
  }
}
