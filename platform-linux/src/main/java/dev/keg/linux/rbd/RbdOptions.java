package dev.keg.linux.rbd;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.filesystem.LinuxFileSystem;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The options of a volume in an image of a cluster.
 *
 * @param place the pool, with the namespace if there is one
 * @param identity the cluster's user, as arguments of {@code rbd}
 * @param mapOptions options for the kernel's client
 */
record RbdOptions(
    Size size,
    LinuxFileSystem fileSystem,
    String place,
    List<String> identity,
    Optional<String> mapOptions) {
  private static final String CONFIGURATION = "conf";
  private static final String NAME = "[A-Za-z0-9_.][A-Za-z0-9_.-]*";
  private static final Pattern SECRET = Pattern.compile("\\b(secret|key)=");
  private static final long MIB = 1 << 20;

  static final List<OptionDescriptor> DESCRIPTORS =
      List.of(
          new OptionDescriptor("size", "SIZE", "its size; required"),
          new OptionDescriptor("fs", "ext4|xfs|btrfs", "its file system (default ext4)"),
          new OptionDescriptor("pool", "NAME", "the cluster's pool (default rbd)")
              .reaching(Reach.DATA),
          new OptionDescriptor("namespace", "NAME", "a namespace of the pool").reaching(Reach.DATA),
          new OptionDescriptor("user", "NAME", "Ceph's user, without client. (default admin)"),
          new OptionDescriptor(
                  CONFIGURATION,
                  "FILE",
                  "the cluster's configuration (default /etc/ceph/ceph.conf)")
              .reaching(Reach.HOST),
          new OptionDescriptor("o", "OPTION,...", "options of rbd map, such as lock_timeout=30")
              .reaching(Reach.ANYTHING));

  RbdOptions {
    identity = List.copyOf(identity);
  }

  static RbdOptions of(Volume volume) {
    return of(DriverOptions.of(volume.name(), volume.options(), DESCRIPTORS));
  }

  static RbdOptions of(DriverOptions options) {
    options.require("size");
    LinuxFileSystem fileSystem =
        LinuxFileSystem.of(options.choice("fs", "ext4", LinuxFileSystem.WORDS));
    Size size = options.size("size").orElse(Size.ZERO);
    if (size.compareTo(fileSystem.smallest()) < 0) {
      throw options.invalid(
          "size", "at least " + fileSystem.smallest().humanBinary() + " for " + fileSystem.word());
    }
    String pool = name(options, "pool").orElse("rbd");
    List<String> identity = new ArrayList<>(List.of("--id", name(options, "user").orElse("admin")));
    if (options.has(CONFIGURATION)) {
      identity.addAll(List.of("--conf", configuration(options)));
    }
    return new RbdOptions(
        size,
        fileSystem,
        name(options, "namespace").map(namespace -> pool + "/" + namespace).orElse(pool),
        identity,
        mapOptions(options));
  }

  /** Rounds up to whole MiB, the unit of {@code rbd}. */
  static long mebibytes(Size size) {
    return (size.bytes() + MIB - 1) / MIB;
  }

  private static Optional<String> name(DriverOptions options, String key) {
    Optional<String> name = options.text(key);
    if (name.isPresent() && !name.get().matches(NAME)) {
      throw options.invalid(key, "letters, digits, _, . and -");
    }
    return name;
  }

  private static String configuration(DriverOptions options) {
    String file = options.require(CONFIGURATION);
    if (!file.startsWith("/")) {
      throw options.invalid(CONFIGURATION, "an absolute path");
    }
    return file;
  }

  /**
   * Options of the kernel's client. Every user can read them while the program runs, so a key is
   * refused.
   */
  private static Optional<String> mapOptions(DriverOptions options) {
    Optional<String> words = options.text("o");
    if (words.isPresent() && SECRET.matcher(words.get()).find()) {
      throw new InvalidOption(
          options.volume().text(),
          "a key in o= would be visible to every user",
          "put it into the keyring that %s names".formatted(CONFIGURATION));
    }
    if (words.isPresent() && !words.get().matches("[^\\s,]+(,[^\\s,]+)*")) {
      throw options.invalid("o", "options of rbd map separated by commas");
    }
    return words;
  }
}
