package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code [SOURCE:]TARGET[:MODE]}, split at its colons without knowing the platform, like docker's
 * client and compose do: a colon after a single letter belongs to a Windows drive.
 */
public record ShortSpec(String source, String target, String mode) {

  public static ShortSpec parse(String spec) {
    if (spec.isEmpty()) {
      throw new InvalidSpec("invalid volume specification: '': invalid empty volume spec");
    }
    if (spec.length() <= 2) {
      return new ShortSpec("", spec, "");
    }
    List<String> parts = cut(spec);
    return switch (parts.size()) {
      case 1 -> new ShortSpec("", parts.get(0), "");
      case 2 -> new ShortSpec(parts.get(0), parts.get(1), "");
      case 3 -> new ShortSpec(parts.get(0), parts.get(1), parts.get(2));
      default -> throw new InvalidSpec("invalid spec: " + spec + ": too many colons");
    };
  }

  // Like docker, put the client's more detailed message after the daemon's.
  private static List<String> cut(String spec) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= spec.length(); i++) {
      boolean end = i == spec.length();
      if (!end && (spec.charAt(i) != ':' || isDrive(spec, start, i))) {
        continue;
      }
      if (i == start) {
        throw new InvalidSpec(
            "invalid volume specification: '%s': invalid spec: %s: empty section between colons"
                .formatted(spec, spec));
      }
      parts.add(spec.substring(start, i));
      start = i + 1;
      if (parts.size() == 3 && !end) {
        throw new InvalidSpec("invalid spec: " + spec + ": too many colons");
      }
    }
    return parts;
  }

  private static boolean isDrive(String spec, int start, int colon) {
    return spec.codePointCount(start, colon) == 1 && Character.isLetter(spec.codePointAt(start));
  }

  /** Whether the source is a path, not the name of a volume. */
  public boolean hasPath() {
    return isPath(source);
  }

  static boolean isPath(String source) {
    if (source.isEmpty()) {
      return false;
    }
    if (source.startsWith(".") || source.startsWith("/") || source.startsWith("~")) {
      return true;
    }
    int first = source.offsetByCodePoints(0, 1);
    return source.startsWith("\\\\")
        || (source.startsWith(":", first) && Character.isLetter(source.codePointAt(0)));
  }
}
