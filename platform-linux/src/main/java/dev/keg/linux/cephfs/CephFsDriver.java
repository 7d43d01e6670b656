package dev.keg.linux.cephfs;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.driver.ClusterShare;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.ShareDriver.Share;
import dev.keg.linux.driver.ShareOptions;
import dev.keg.linux.mount.KernelModules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The driver {@code cephfs}: its options and their names in mount.ceph(8). */
public final class CephFsDriver {
  private static final String TYPE = "ceph";
  private static final String MONITORS = "monitors";
  private static final String SECRET = "secret-file";
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
  private static final String HOST =
      "(?:[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9a-fA-F:]+])(?::\\d{1,5})?";

  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          new OptionDescriptor(
                  MONITORS, "HOST[:PORT],...", "the cluster's monitors (default: as in ceph.conf)")
              .reaching(Reach.DATA),
          new OptionDescriptor("path", "PATH", "a directory of the file system (default /)")
              .reaching(Reach.DATA),
          new OptionDescriptor("fs", "NAME", "the file system, if the cluster has several")
              .reaching(Reach.DATA),
          new OptionDescriptor("user", "NAME", "Ceph's user, without client. (default admin)"),
          new OptionDescriptor(
                  SECRET, "FILE", "file with the user's key (default: the keyring in /etc/ceph)")
              .reaching(Reach.HOST),
          ClusterShare.SIZE,
          ShareOptions.TIMEOUT,
          ShareOptions.FURTHER);

  private CephFsDriver() {}

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
            "cephfs",
            "a directory of a Ceph file system",
            OPTIONS,
            context -> new LimitedShare(kernel.apply(context), OPTIONS, CephFsDriver::share))
        .unless(() -> Kernel.lacks("mount.ceph"))
        .lacking(() -> KernelModules.lack(TYPE));
  }

  private static Share share(DriverOptions options) {
    ClusterShare.check(options);
    Duration timeout = ShareOptions.timeout(options);
    List<String> words = new ArrayList<>();
    words.add("name=" + name(options, "user", "admin"));
    if (options.has("fs")) {
      words.add("mds_namespace=" + name(options, "fs", ""));
    }
    if (options.has(SECRET)) {
      words.add("secretfile=" + secret(options));
    }
    if (!timeout.isZero()) {
      words.add("mount_timeout=" + timeout.toSeconds());
    }
    for (String word : ShareOptions.further(options)) {
      if (word.startsWith("secret=")) {
        throw new InvalidOption(
            options.volume().text(),
            "a key in o= would be visible to every user",
            "put it into a file: -o %s=FILE".formatted(SECRET));
      }
      words.add(word);
    }
    return new Share(
        TYPE, monitors(options) + ":" + path(options), words, ShareOptions.patience(timeout));
  }

  private static String monitors(DriverOptions options) {
    String monitors = options.text(MONITORS).orElse("");
    if (!monitors.isEmpty() && !monitors.matches(HOST + "(," + HOST + ")*")) {
      throw options.invalid(MONITORS, "hosts separated by commas, IPv6 addresses in brackets");
    }
    return monitors;
  }

  private static String path(DriverOptions options) {
    String path = options.text("path").orElse("/");
    if (!path.startsWith("/")) {
      throw options.invalid("path", "an absolute path of the file system");
    }
    return path;
  }

  private static String name(DriverOptions options, String key, String otherwise) {
    String name = options.text(key).orElse(otherwise);
    if (!name.matches(NAME)) {
      throw options.invalid(key, "letters, digits, -, _ and .");
    }
    return name;
  }

  /**
   * The path of the file with the key. The helper reads the file, since every user could see a key
   * among the options.
   */
  private static Path secret(DriverOptions options) {
    Path file = Path.of(options.require(SECRET));
    if (!file.isAbsolute() || file.toString().contains(",")) {
      throw options.invalid(SECRET, "an absolute path without commas");
    }
    return file;
  }
}
