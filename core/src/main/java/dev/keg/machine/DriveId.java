package dev.keg.machine;

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

  public DriveId {
    if (!VALID.matcher(text).matches()) {
      throw new InvalidMachine(
          "invalid drive id: '%s': a letter and up to 22 letters, digits, '.', '_' and '-' behind"
                  .formatted(text)
              + " it are allowed");
    }
  }

  /**
   * The first free id after the machine's first: if its disks begin at {@code vdb}, another one
   * precedes them that Keg does not manage.
   */
  public static DriveId next(Set<DriveId> taken) {
    int first =
        taken.stream().flatMapToInt(id -> id.position().stream().mapToInt(i -> i)).min().orElse(0);
    for (int i = first; ; i++) {
      DriveId id = new DriveId("vd" + letters(i));
      if (!taken.contains(id)) {
        return id;
      }
    }
  }

  /** The index of the disk in its machine, from 0. */
  public Optional<Integer> position() {
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
