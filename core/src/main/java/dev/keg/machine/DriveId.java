package dev.keg.machine;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.toSet;

import dev.keg.error.InvalidInput.InvalidMachine;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a disk within a machine: by default {@code vda}, {@code vdb}, … */
public record DriveId(String text) {
  /** Valid as ids in QEMU; shorter than its limit because longer ids are derived from them. */
  private static final Pattern VALID = Pattern.compile("[a-zA-Z][a-zA-Z0-9_.-]{0,22}");

  private static final Pattern VIRTIO = Pattern.compile("vd([a-z]{1,3})");

  /** The disk that a machine boots from; it comes first, and so takes the place of {@code vda}. */
  public static final String ROOT = "rootfs";

  public DriveId {
    if (!VALID.matcher(text).matches()) {
      throw new InvalidMachine(
          "invalid drive id: '%s': only [a-zA-Z][a-zA-Z0-9_.-]{0,22} is allowed".formatted(text));
    }
  }

  /**
   * The first free id after the machine's first: if its disks begin at {@code vdb}, a disk precedes
   * them that Keg does not manage.
   */
  public static DriveId next(Set<DriveId> taken) {
    return next(
        taken, taken.stream().flatMap(id -> id.position().stream()).min(naturalOrder()).orElse(0));
  }

  /** The first free id that is not before the given one. */
  public static DriveId next(Set<DriveId> taken, DriveId first) {
    return next(taken, first.position().orElse(0));
  }

  private static DriveId next(Set<DriveId> taken, int first) {
    Set<Integer> positions = taken.stream().flatMap(id -> id.position().stream()).collect(toSet());
    int free = first;
    while (positions.contains(free)) {
      free++;
    }
    return new DriveId("vd" + letters(free));
  }

  /** Whether the machine boots from this disk. */
  public boolean isRoot() {
    return text.equals(ROOT);
  }

  /** The index of the disk in its machine, from 0. */
  public Optional<Integer> position() {
    if (isRoot()) {
      return Optional.of(0);
    }
    Matcher virtio = VIRTIO.matcher(text);
    return virtio.matches()
        ? Optional.of(virtio.group(1).chars().reduce(0, (n, c) -> n * 26 + c - 'a' + 1) - 1)
        : Optional.empty();
  }

  private static String letters(int number) {
    String last = Character.toString('a' + number % 26);
    return number < 26 ? last : letters(number / 26 - 1) + last;
  }

  @Override
  public String toString() {
    return text;
  }
}
