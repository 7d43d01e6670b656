package dev.keg.render.document;

import dev.keg.mountspec.Access;
import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.render.document.Vocabulary.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * QEMU's arguments for the disks and shares of a machine. Disks are virtio-blk devices in the order
 * of the set, the boot disk first. Shares have the tags {@code mount0}, {@code mount1}, …, which
 * the machine's own documents use, too.
 */
public final class QemuArguments {
  // The machine's own documents say how it mounts a share.
  private static final Vocabulary WORDS = Vocabulary.of("qemu", Word.RESTRICTION, Word.PROPAGATION);

  private final SecurityModel model;
  private final MountTags tags = new MountTags();
  private final List<String> arguments = new ArrayList<>();

  private QemuArguments(SecurityModel model) {
    this.model = model;
  }

  /** The arguments of a command line. */
  public static List<String> words(List<Part> parts, SecurityModel model) {
    QemuArguments qemu = new QemuArguments(model);
    Part.rootFirst(parts).forEach(qemu::add);
    return List.copyOf(qemu.arguments);
  }

  /** One option with its value per line, quoted for a shell if necessary. */
  public static String of(List<Part> parts, SecurityModel model) {
    StringBuilder text = new StringBuilder();
    List<String> words = words(parts, model);
    for (int i = 0; i < words.size(); i += 2) {
      text.append(words.get(i)).append(' ').append(quoted(words.get(i + 1))).append('\n');
    }
    return text.toString();
  }

  private void add(Part part) {
    switch (part) {
      case Part.Disk disk -> add(disk);
      case Part.Tree tree -> add(tree);
      // The machine's own kernel mounts memory.
      case Part.Memory _ -> {}
      case Part.Pipe pipe -> throw WORDS.refused(pipe, "only Windows has named pipes");
    }
  }

  private void add(Part.Disk disk) {
    WORDS.check(disk);
    Part.Image image = disk.image();
    image.keyFile().ifPresent(key -> addKey(image, key));
    List<String> drive = new ArrayList<>();
    drive.add("file=" + value(image.file()));
    // Without the format, a machine could write the header of another format into a raw disk, which
    // names any file of the host, and get that file at the next start.
    drive.add("format=" + format(disk));
    drive.addAll(decryption(disk));
    drive.add("if=none");
    drive.add("id=" + image.drive());
    drive.add("discard=unmap");
    if (disk.access().readOnly()) {
      drive.add("readonly=on");
    }
    arguments.addAll(List.of("-drive", String.join(",", drive)));
    // Boot indexes start at 1, since 0 is for a kernel given with -kernel.
    arguments.addAll(
        List.of(
            "-device",
            "virtio-blk-pci,drive=%s,id=%s-device,serial=%s%s"
                .formatted(
                    image.drive(),
                    image.drive(),
                    image.serial(),
                    image.isRoot() ? ",bootindex=1" : "")));
  }

  private void addKey(Part.Image image, String file) {
    arguments.addAll(List.of("-object", "secret,id=%s,file=%s".formatted(key(image), value(file))));
  }

  private static String key(Part.Image image) {
    return image.drive() + "-key";
  }

  private static List<String> decryption(Part.Disk disk) {
    Part.Image image = disk.image();
    if (image.keyFile().isEmpty()) {
      return List.of();
    }
    return image.format().equals("luks")
        ? List.of("key-secret=" + key(image))
        : List.of("encrypt.format=luks", "encrypt.key-secret=" + key(image));
  }

  private static String format(Part.Disk disk) {
    return switch (disk.image().format()) {
      case "raw", "iso" -> "raw";
      case "luks", "qcow2", "vhdx" -> disk.image().format();
      case "vhd" -> "vpc";
      default -> throw WORDS.refused(disk, "unknown disk format " + disk.image().format());
    };
  }

  private void add(Part.Tree tree) {
    WORDS.check(tree);
    String tag = tags.next(WORDS, tree);
    Access access = tree.access();
    arguments.addAll(
        List.of(
            "-virtfs",
            "local,path=%s,mount_tag=%s,security_model=%s,id=%s%s"
                .formatted(
                    value(tree.source()),
                    tag,
                    tree.access().machine().securityModel().orElse(model).word(),
                    tag,
                    access.readOnly() ? ",readonly=on" : "")));
  }

  // A comma ends a value; a doubled one is a literal comma.
  private static String value(String text) {
    return text.replace(",", ",,");
  }

  private static String quoted(String word) {
    return word.matches("[a-zA-Z0-9_/.,:=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
