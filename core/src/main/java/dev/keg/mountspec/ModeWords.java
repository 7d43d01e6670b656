package dev.keg.mountspec;

import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.Access.Restriction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mode of {@code -v SOURCE:TARGET:MODE} on Linux: words separated by commas, at most one of
 * each group. Docker's groups are {@code rw ro}, {@code z Z}, propagation, nocopy and {@code
 * consistent cached delegated} (which mean nothing on Linux); podman's are {@code [no]exec}, {@code
 * [no]suid}, {@code [no]dev} and {@code idmap=}; mount(8)'s are {@code [no]atime}, {@code relatime}
 * and {@code [no]diratime}.
 */
record ModeWords(
    boolean readOnly,
    @Nullable Propagation givenPropagation,
    boolean noCopy,
    MountConfig.Extras extras) {

  /** Empty if a word is unknown or two words are of one group. */
  static Optional<ModeWords> parse(String mode) {
    return mode.isEmpty()
        ? Optional.of(new ModeWords(false, null, false, MountConfig.Extras.NONE))
        : new Reader().read(mode);
  }

  Optional<Propagation> propagation() {
    return Optional.ofNullable(givenPropagation);
  }

  /** The words read so far. */
  private static final class Reader {
    private final Set<String> groups = new HashSet<>();
    private final List<String> restrictions = new ArrayList<>();
    private boolean readOnly;
    private boolean noCopy;
    private @Nullable Propagation propagation;
    private @Nullable Relabel relabel;
    private @Nullable IdMap idMap;

    Optional<ModeWords> read(String mode) {
      for (String word : mode.split(",", -1)) {
        String group = group(word);
        if (group.isEmpty() || !groups.add(group)) {
          return Optional.empty();
        }
      }
      return Optional.of(
          new ModeWords(
              readOnly, propagation, noCopy, new MountConfig.Extras(restrictions, relabel, idMap)));
    }

    /** Records the word and returns its group; empty for an unknown word. */
    private String group(String word) {
      switch (word) {
        case "rw", "ro" -> {
          readOnly = word.equals("ro");
          return "access";
        }
        case "z", "Z" -> {
          relabel = Relabel.find(word).orElse(null);
          return "label";
        }
        case "nocopy" -> {
          noCopy = true;
          return "copy";
        }
        case "consistent", "cached", "delegated" -> {
          return "consistency";
        }
        default -> {
          return otherGroup(word);
        }
      }
    }

    private String otherGroup(String word) {
      Optional<Propagation> found = Propagation.find(word);
      if (found.isPresent()) {
        propagation = found.get();
        return "propagation";
      }
      if (word.startsWith("idmap=")) {
        idMap = IdMap.parse(word.substring("idmap=".length()));
        return "idmap";
      }
      Optional<Restriction> restriction = Restriction.find(word);
      restriction.ifPresent(_ -> restrictions.add(word));
      return restriction.map(Restriction::word).orElse("");
    }
  }
}
