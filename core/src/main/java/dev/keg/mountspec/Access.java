package dev.keg.mountspec;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The access to a mount from inside: what is allowed, and what it shares with the host.
 *
 * @param machine how a machine mounts it
 * @param shared options of mount(8) that apply to all mounts of a file system
 */
public record Access(
    boolean readOnly,
    Recursion recursion,
    Propagation propagation,
    Set<Restriction> restrictions,
    @Nullable Relabel selinux,
    @Nullable IdMap idMapping,
    MachineMount machine,
    Set<String> shared) {
  public static final Access DEFAULT =
      new Access(
          false,
          Recursion.ENABLED,
          Propagation.RPRIVATE,
          Set.of(),
          null,
          null,
          MachineMount.DEFAULT,
          Set.of());

  public Access {
    restrictions = Set.copyOf(restrictions);
    shared = Set.copyOf(shared);
  }

  /** The SELinux label to set on the source, if any. */
  public Optional<Relabel> relabel() {
    return Optional.ofNullable(selinux);
  }

  /** The translation of owners, if any. */
  public Optional<IdMap> idMap() {
    return Optional.ofNullable(idMapping);
  }

  public Access withReadOnly(boolean value) {
    return new Access(
        value, recursion, propagation, restrictions, selinux, idMapping, machine, shared);
  }

  public Access with(Recursion value) {
    return new Access(
        readOnly, value, propagation, restrictions, selinux, idMapping, machine, shared);
  }

  public Access with(Propagation value) {
    return new Access(
        readOnly, recursion, value, restrictions, selinux, idMapping, machine, shared);
  }

  public Access with(Set<Restriction> value) {
    return new Access(readOnly, recursion, propagation, value, selinux, idMapping, machine, shared);
  }

  public Access with(@Nullable Relabel label, @Nullable IdMap map) {
    return new Access(readOnly, recursion, propagation, restrictions, label, map, machine, shared);
  }

  public Access with(MachineMount value) {
    return new Access(
        readOnly, recursion, propagation, restrictions, selinux, idMapping, value, shared);
  }

  public Access withShared(Set<String> words) {
    return new Access(
        readOnly, recursion, propagation, restrictions, selinux, idMapping, machine, words);
  }

  /** What happens to mounts below the source of a bind mount. */
  public enum Recursion {
    /** They are included; in a read-only mount they are read-only too if the kernel supports it. */
    ENABLED,
    /** They are left out. */
    DISABLED,
    /** They are included and stay writable below a read-only mount. */
    WRITABLE,
    /** They are included read-only, or the mount fails. */
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

  /** Who may use the files with SELinux. */
  public enum Relabel {
    /** {@code z}: any container. */
    SHARED,
    /** {@code Z}: this container only. */
    PRIVATE;

    /** Docker's letters; empty for any other text. */
    public static Optional<Relabel> find(String letter) {
      return switch (letter) {
        case "z" -> Optional.of(SHARED);
        case "Z" -> Optional.of(PRIVATE);
        default -> Optional.empty();
      };
    }
  }

  /** Restrictions on the files in a mount, and on recording their access times. */
  public enum Restriction {
    NOEXEC,
    NOSUID,
    NODEV,
    NOATIME,
    NODIRATIME;

    /** Those that docker sets on a tmpfs. */
    public static final List<Restriction> OF_TMPFS = List.of(NOEXEC, NOSUID, NODEV);

    static boolean isWord(String word) {
      return find(word).isPresent();
    }

    /** Reads {@code noexec}, which adds the restriction, or {@code exec}, which lifts it. */
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
      // The kernel's default, mount(2).
      return word.equals("relatime") ? Optional.of(NOATIME) : Optional.empty();
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
