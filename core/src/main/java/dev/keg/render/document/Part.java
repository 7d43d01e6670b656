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

/** Something that a container or a machine gets, with paths of its host. */
public sealed interface Part {
  /** The name for messages. */
  String subject();

  /** The access to it. */
  Access access();

  /**
   * A directory or a file of the host.
   *
   * @param service the service that makes it visible at boot; absent if it is always visible
   */
  record Tree(
      String source,
      boolean directory,
      String target,
      Access access,
      @Nullable MountService service)
      implements Part {
    public Tree {
      requirePrintable(source);
      requirePrintable(target);
    }

    /** One that is always visible. */
    public Tree(String source, boolean directory, String target, Access access) {
      this(source, directory, target, access, null);
    }

    @Override
    public String subject() {
      return target;
    }
  }

  /**
   * A disk for a machine.
   *
   * @param place where the machine mounts it; absent if it has no file system
   */
  record Disk(Image image, @Nullable String place, Access access) implements Part {
    public Disk {
      if (place != null) {
        requirePrintable(place);
      }
    }

    /** The same disk at another place of the machine's controllers. */
    public Disk at(int slot) {
      Image placed =
          new Image(
              image.volume(),
              image.drive(),
              OptionalInt.of(slot),
              image.file(),
              image.format(),
              image.fileSystem(),
              image.knownUuid(),
              image.inPartition(),
              image.keyFile());
      return new Disk(placed, place, access);
    }

    /** Where the machine mounts it. */
    public Optional<String> target() {
      return Optional.ofNullable(place);
    }

    @Override
    public String subject() {
      return image.volume();
    }
  }

  /**
   * The image of a disk.
   *
   * @param drive its id for users; the machine may name the device differently
   * @param slot its place at the machine's controllers; empty if none is recorded
   * @param format one of {@link dev.keg.driver.Renders.MachineDisk}
   * @param fileSystem {@code auto} if Keg did not make it
   * @param knownUuid of the file system, as blkid(8) prints it; absent if Keg finds none
   * @param inPartition whether the file system is in the only partition of the disk
   * @param keyFile with the key of an encrypted disk
   */
  record Image(
      String volume,
      String drive,
      OptionalInt slot,
      String file,
      String format,
      String fileSystem,
      @Nullable String knownUuid,
      boolean inPartition,
      Optional<String> keyFile) {
    public Image {
      requirePrintable(file);
      keyFile.ifPresent(Part::requirePrintable);
      if (!drive.matches("[a-zA-Z][a-zA-Z0-9_.-]*")) {
        throw new InvalidSpec("invalid drive id '" + drive + "'");
      }
    }

    /** A disk with unknown content. */
    public Image(String volume, String drive, String file, String format, String fileSystem) {
      this(
          volume,
          drive,
          OptionalInt.empty(),
          file,
          format,
          fileSystem,
          null,
          false,
          Optional.empty());
    }

    public Optional<String> uuid() {
      return Optional.ofNullable(knownUuid);
    }

    /** The serial number, by which a machine finds the disk whatever its content. */
    public String serial() {
      return DiskSerial.of(volume);
    }

    /** Whether the machine boots from the disk. */
    public boolean isRoot() {
      return drive.equals(DriveId.ROOT);
    }
  }

  /**
   * Memory whose content is lost at the unmount.
   *
   * @param options options of the file system, such as {@code size=1m}, in order
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

  /** The same parts with the boot disk first. */
  static List<Part> rootFirst(List<Part> parts) {
    return parts.stream()
        .sorted(Comparator.comparing(part -> !(part instanceof Disk disk && disk.image.isRoot())))
        .toList();
  }

  // Many documents consist of lines, and a line break in a path would start a new one.
  static void requirePrintable(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidSpec(
          "'%s' contains a control character, which not every document supports"
              .formatted(text.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?")));
    }
  }
}
