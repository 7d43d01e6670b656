package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.MountConfig.BindPart;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.MountConfig.Extras;
import dev.keg.mountspec.MountConfig.ImagePart;
import dev.keg.mountspec.MountConfig.TmpfsPart;
import dev.keg.mountspec.MountConfig.VolumePart;
import dev.keg.volume.GoSyntax;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code --mount}: fields {@code key=value} separated by commas, quoted as CSV. Keys
 * are docker's, with podman's {@code idmap}, {@code relabel}, {@code [no]exec}, {@code [no]suid}
 * and {@code [no]dev}. The last value of a repeated key wins, except that {@code volume-opt} and
 * {@code volume-label} accumulate.
 */
final class MountOption {
  private static final Set<String> SWITCHES =
      Set.of("readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src");

  private final PlatformRules rules;
  private final HostFacts host;

  // The option parts with at least one option, by the first word of their keys.
  private final Set<String> parts = new HashSet<>();
  private final Map<String, String> driverOptions = new HashMap<>();
  private final Map<String, String> labels = new HashMap<>();
  private final List<String> restrictions = new ArrayList<>();
  private String type = "volume";
  private String source = "";
  private String target = "";
  private String driver = "";
  private String subpath = "";
  private String imageSubpath = "";
  private String propagation = "";
  private Recursion recursion = Recursion.ENABLED;
  private boolean readOnly;
  private boolean noCopy;
  private boolean createSource;
  private long tmpfsSize;
  private int tmpfsMode;
  private @Nullable Relabel relabel;
  private @Nullable IdMap idMap;

  private MountOption(PlatformRules rules, HostFacts host) {
    this.rules = rules;
    this.host = host;
  }

  static MountConfig parse(String text, PlatformRules rules, HostFacts host) {
    String value = GoSyntax.trim(text);
    if (value.isEmpty()) {
      throw new InvalidSpec("value is empty");
    }
    MountOption option = new MountOption(rules, host);
    CsvRecord.read(value).forEach(option::field);
    return option.config();
  }

  private void field(String field) {
    int equals = field.indexOf('=');
    String given = equals < 0 ? field : field.substring(0, equals);
    if (!GoSyntax.trim(given).equals(given)) {
      throw new InvalidSpec(
          "invalid option '%s' in '%s': option should not have whitespace"
              .formatted(GoSyntax.trim(given), field));
    }
    String key = given.toLowerCase(Locale.ROOT);
    if (equals < 0) {
      bare(key, field);
      return;
    }
    String value = field.substring(equals + 1);
    if (GoSyntax.trim(value).isEmpty()) {
      throw new InvalidSpec("invalid value for '" + given + "': value is empty");
    }
    if (!GoSyntax.trim(value).equals(value)) {
      throw new InvalidSpec(
          "invalid value for '%s' in '%s': value should not have whitespace"
              .formatted(given, field));
    }
    set(key, value, field);
  }

  private void bare(String key, String field) {
    if (Access.Restriction.isWord(key)) {
      restrictions.add(key);
    } else if (SWITCHES.contains(key)) {
      set(key, "true", field);
    } else {
      throw new InvalidSpec("invalid field '" + field + "' must be a key=value pair");
    }
  }

  private void set(String key, String value, String field) {
    int dash = key.indexOf('-');
    if (dash > 0) {
      setOfType(key.substring(0, dash), key, value, field);
      return;
    }
    switch (key) {
      case "type" -> type = value.toLowerCase(Locale.ROOT);
      case "source", "src" -> source = absolute(value);
      case "target", "dst", "destination" -> target = value;
      case "readonly", "ro" -> readOnly = bool(key, value);
      case "consistency" -> {
        // Only Docker Desktop uses it; Linux ignores it.
      }
      case "idmap" -> idMap = IdMap.parse(value);
      case "relabel" -> relabel = relabel(value);
      default -> throw unknown(key, field);
    }
  }

  private void setOfType(String part, String key, String value, String field) {
    switch (key) {
      case "bind-propagation" -> propagation = value.toLowerCase(Locale.ROOT);
      case "bind-recursive" -> {
        recursion = recursion(value);
        if (recursion == Recursion.ENABLED) {
          return;
        }
      }
      case "bind-create-src" -> createSource = bool(key, value);
      case "bind-nonrecursive" ->
          throw new InvalidSpec(
              "bind-nonrecursive is deprecated, use bind-recursive=disabled instead");
      case "volume-driver" -> driver = value;
      case "volume-opt" -> put(driverOptions, value);
      case "volume-label" -> put(labels, value);
      case "volume-nocopy" -> noCopy = bool(key, value);
      case "volume-subpath" -> subpath = value;
      case "image-subpath" -> imageSubpath = value;
      case "tmpfs-size" -> tmpfsSize = size(key, value);
      case "tmpfs-mode" -> tmpfsMode = mode(key, value);
      default -> throw unknown(key, field);
    }
    parts.add(part);
  }

  private static InvalidSpec unknown(String key, String field) {
    return new InvalidSpec("unknown option '" + key + "' in '" + field + "'");
  }

  private String absolute(String path) {
    return path.startsWith(".") ? rules.absolute(path, host.workingDirectory()) : path;
  }

  private static boolean bool(String key, String value) {
    return switch (value) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default ->
          throw new InvalidSpec(
              "invalid value for '%s': invalid boolean value (%s): must be one of \"true\", \"1\", \"false\", or \"0\" (default \"true\")"
                  .formatted(key, GoSyntax.quote(value)));
    };
  }

  private static void put(Map<String, String> map, String value) {
    int equals = value.indexOf('=');
    String key = equals < 0 ? value : value.substring(0, equals);
    if (!key.isEmpty()) {
      map.put(key, equals < 0 ? "" : value.substring(equals + 1));
    }
  }

  private static Recursion recursion(String value) {
    return Recursion.find(value)
        .orElseThrow(
            () ->
                new InvalidSpec(
                    "invalid value for bind-recursive: "
                        + value
                        + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")"));
  }

  private static Relabel relabel(String value) {
    return switch (value) {
      case "shared" -> Relabel.SHARED;
      case "private" -> Relabel.PRIVATE;
      default ->
          throw new InvalidSpec(
              "invalid value for relabel: " + value + " (must be \"shared\" or \"private\")");
    };
  }

  private static long size(String key, String value) {
    try {
      return Size.parseBinary(value).bytes();
    } catch (InvalidSize e) {
      throw new InvalidSpec("invalid value for " + key + ": " + value, e.getMessage());
    }
  }

  private static int mode(String key, String value) {
    if (!value.matches("0*[0-7]{1,4}")) {
      throw new InvalidSpec("invalid value for " + key + ": " + value);
    }
    return Integer.parseInt(value, 8);
  }

  private MountConfig config() {
    for (String part : List.of("bind", "volume", "image", "tmpfs")) {
      if (parts.contains(part) && !type.equals(part)) {
        throw new InvalidSpec("cannot mix '" + part + "-*' options with mount type '" + type + "'");
      }
    }
    checkRecursion();
    Creation creation = new Creation(driver, driverOptions, labels, false);
    return new MountConfig(type, source, target, readOnly)
        .with(parts.contains("bind") ? new BindPart(propagation, recursion, createSource) : null)
        .with(parts.contains("volume") ? new VolumePart(noCopy, subpath, creation) : null)
        .with(parts.contains("tmpfs") ? new TmpfsPart(tmpfsSize, tmpfsMode, List.of()) : null)
        .with(parts.contains("image") ? new ImagePart(imageSubpath) : null)
        .with(new Extras(restrictions, relabel, idMap));
  }

  private void checkRecursion() {
    String word = recursion.word();
    boolean onlyReadOnly = recursion == Recursion.WRITABLE || recursion == Recursion.READONLY;
    if (onlyReadOnly && !readOnly) {
      throw needs(word, "readonly");
    }
    if (recursion == Recursion.READONLY && !propagation.equals(Propagation.RPRIVATE.word())) {
      throw needs(word, "bind-propagation=rprivate");
    }
  }

  private static InvalidSpec needs(String word, String other) {
    return new InvalidSpec(
        "option 'bind-recursive=%s' requires '%s' to be specified in conjunction"
            .formatted(word, other));
  }
}
