package dev.keg.mountspec;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a mount is seen from inside: what may be done with it, and what it shares with the host.
 *
 * @param machine how a machine makes it
 */
public record Access(
    boolean readOnly,
    Recursion recursion,
    Propagation propagation,
    Set<Restriction> restrictions,
    @Nullable Relabel selinux,
    @Nullable IdMap idMapping,
    MachineMount machine) {
  public static final Access DEFAULT =
      new Access(
          false,
          Recursion.ENABLED,
          Propagation.RPRIVATE,
          Set.of(),
          null,
          null,
          MachineMount.DEFAULT);

  public Access {
    restrictions = Set.copyOf(restrictions);
  }

  /** The SELinux label to put on the source, if one was asked for. */
  public Optional<Relabel> relabel() {
    return Optional.ofNullable(selinux);
  }

  /** How owners are translated, if they are. */
  public Optional<IdMap> idMap() {
    return Optional.ofNullable(idMapping);
  }

  public Access withReadOnly(boolean value) {
    return new Access(value, recursion, propagation, restrictions, selinux, idMapping, machine);
  }

  public Access with(Recursion value) {
    return new Access(readOnly, value, propagation, restrictions, selinux, idMapping, machine);
  }

  public Access with(Propagation value) {
    return new Access(readOnly, recursion, value, restrictions, selinux, idMapping, machine);
  }

  public Access with(Set<Restriction> value) {
    return new Access(readOnly, recursion, propagation, value, selinux, idMapping, machine);
  }

  public Access with(@Nullable Relabel label, @Nullable IdMap map) {
    return new Access(readOnly, recursion, propagation, restrictions, label, map, machine);
  }

  public Access with(MachineMount value) {
    return new Access(readOnly, recursion, propagation, restrictions, selinux, idMapping, value);
  }

  /** What happens to the mounts below a bind's source. */
  public enum Recursion {
    /** They come along; of a read-only mount they are read-only too where the kernel can do it. */
    ENABLED,
    /** They stay behind. */
    DISABLED,
    /** They come along and stay writable below a read-only mount. */
    WRITABLE,
    /** They come along read-only, or the mount fails. */
    READONLY;

    public static Optional<Recursion> find(String word) {
      return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether mounts made later on one side appear on the other; mount_namespaces(7). */
  public enum Propagation {
    PRIVATE,
    RPRIVATE,
    SHARED,
    RSHARED,
    SLAVE,
    RSLAVE;

    public static Optional<Propagation> find(String word) {
      return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who may use the files under SELinux. */
  public enum Relabel {
    /** {@code z}: any container. */
    SHARED,
    /** {@code Z}: this container only. */
    PRIVATE;

    /** Docker's letters; nothing else is one. */
    public static Optional<Relabel> find(String letter) {
      return switch (letter) {
        case "z" -> Optional.of(SHARED);
        case "Z" -> Optional.of(PRIVATE);
        default -> Optional.empty();
      };
    }
  }

  /** What the files of a mount must not do. */
  public enum Restriction {
    NOEXEC,
    NOSUID,
    NODEV;

    static boolean isWord(String word) {
      return find(word).isPresent();
    }

    /** Reads {@code noexec} as adding the restriction and {@code exec} as lifting it. */
    static Set<Restriction> apply(Iterable<String> words, Set<Restriction> before) {
      Set<Restriction> result = EnumSet.noneOf(Restriction.class);
      result.addAll(before);
      for (String word : words) {
        find(word).ifPresent(found -> found.apply(word, result));
      }
      return result;
    }

    static Optional<Restriction> find(String word) {
      for (Restriction restriction : values()) {
        String no = restriction.word();
        if (word.equals(no) || word.equals(no.substring(2))) {
          return Optional.of(restriction);
        }
      }
      return Optional.empty();
    }

    private void apply(String word, Set<Restriction> result) {
      if (word.equals(word())) {
        result.add(this);
      } else {
        result.remove(this);
      }
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
