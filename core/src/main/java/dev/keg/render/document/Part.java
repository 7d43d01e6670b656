package dev.keg.render.document;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.machine.DiskSerial;
import dev.keg.machine.DriveId;
import dev.keg.mountspec.Access;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One thing that a container or a machine gets, with paths as they are on its host. */
public sealed interface Part {
  /** What messages call it. */
  String subject();

  /** How it is seen. */
  Access access();

  /** A directory or a file of the host. */
  record Tree(String source, boolean directory, String target, Access access) implements Part {
    public Tree {
      requirePrintable(source);
      requirePrintable(target);
    }

    @Override
    public String subject() {
      return target;
    }
  }

  /**
   * A disk for a machine.
   *
   * @param place where the machine's own kernel mounts it; absent if it has no file system
   */
  record Disk(Image image, @Nullable String place, Access access) implements Part {
    public Disk {
      if (place != null) {
        requirePrintable(place);
      }
    }

    /** The same disk at this place of a machine's controllers. */
    public Disk at(int slot) {
      Image placed =
          new Image(
              image.volume(),
              image.drive(),
              OptionalInt.of(slot),
              image.file(),
              image.format(),
              image.fileSystem(),
              image.knownUuid());
      return new Disk(placed, place, access);
    }

    /** Where the machine's own kernel mounts it. */
    public Optional<String> target() {
      return Optional.ofNullable(place);
    }

    @Override
    public String subject() {
      return image.volume();
    }
  }

  /**
   * What a disk is.
   *
   * @param drive its id, which people know it by; a machine may call the device something else
   * @param slot the place that it has at a machine's controllers; empty where none is recorded
   * @param format in the words of {@link dev.keg.driver.Renders.MachineDisk}
   * @param fileSystem {@code auto} where Keg did not make it
   * @param knownUuid that of the file system, as blkid(8) prints it; absent where Keg finds none
   */
  record Image(
      String volume,
      String drive,
      OptionalInt slot,
      String file,
      String format,
      String fileSystem,
      @Nullable String knownUuid) {
    public Image {
      requirePrintable(file);
      if (!drive.matches("[a-zA-Z][a-zA-Z0-9_.-]*")) {
        throw new InvalidSpec("invalid drive id '" + drive + "'");
      }
    }

    /** A disk of whose content nothing is known. */
    public Image(String volume, String drive, String file, String format, String fileSystem) {
      this(volume, drive, OptionalInt.empty(), file, format, fileSystem, null);
    }

    public Optional<String> uuid() {
      return Optional.ofNullable(knownUuid);
    }

    /** What a machine finds the disk by, whatever is on it. */
    public String serial() {
      return DiskSerial.of(volume);
    }

    /** Whether the machine starts from the disk. */
    public boolean isRoot() {
      return drive.equals(DriveId.ROOT);
    }
  }

  /**
   * Memory that is gone after the unmount.
   *
   * @param options what the file system is told, such as {@code size=1m}, in order
   */
  record Memory(String target, List<String> options, Access access) implements Part {
    public Memory {
      requirePrintable(target);
      options.forEach(Part::requirePrintable);
      options = List.copyOf(options);
    }

    @Override
    public String subject() {
      return target;
    }
  }

  /** A named pipe of a Windows host. */
  record Pipe(String source, String target) implements Part {
    public Pipe {
      requirePrintable(source);
      requirePrintable(target);
    }

    @Override
    public String subject() {
      return target;
    }

    @Override
    public Access access() {
      return Access.DEFAULT;
    }
  }

  /** The same with the disk that the machine starts from at the beginning. */
  static List<Part> rootFirst(List<Part> parts) {
    return parts.stream()
        .sorted(Comparator.comparing(part -> !(part instanceof Disk disk && disk.image.isRoot())))
        .toList();
  }

  // Half of the documents are lines, and a line break in a path would write a line of its own.
  private static void requirePrintable(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidSpec(
          "'%s' has a control character in it, which not every document can carry"
              .formatted(text.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?")));
    }
  }
}
