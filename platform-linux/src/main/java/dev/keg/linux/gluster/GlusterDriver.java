package dev.keg.linux.gluster;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.linux.driver.ClusterShare;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.ShareDriver.Share;
import dev.keg.linux.driver.ShareOptions;
import dev.keg.linux.mount.KernelModules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The driver {@code glusterfs}: its options and their names in mount.glusterfs(8). */
public final class GlusterDriver {
  private static final String NAME = "glusterfs";

  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          // The option names the parts that the client, which is root here, is built of; they may
          // be files of this host.
          ShareOptions.SERVER.reaching(Reach.ANYTHING),
          new OptionDescriptor("volume", "NAME", "the cluster's volume; required")
              .reaching(Reach.DATA),
          new OptionDescriptor("path", "PATH", "a directory in it (default /)")
              .reaching(Reach.DATA),
          new OptionDescriptor(
                  "backup-servers", "HOST,...", "servers to ask if the first does not answer")
              .reaching(Reach.ANYTHING),
          ClusterShare.SIZE,
          ShareOptions.TIMEOUT,
          ShareOptions.FURTHER);

  private GlusterDriver() {}

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
            NAME,
            "a volume of a Gluster cluster, or a directory in one",
            OPTIONS,
            context -> new GlusterShare(kernel.apply(context), OPTIONS, GlusterDriver::share))
        .unless(() -> Kernel.lacks("mount.glusterfs"))
        .lacking(() -> KernelModules.lack("fuse"));
  }

  private static Share share(DriverOptions options) {
    ClusterShare.check(options);
    String path = options.text("path").orElse("/");
    if (!path.startsWith("/")) {
      throw options.invalid("path", "an absolute path in the cluster's volume");
    }
    return share(options, volume(options) + (path.equals("/") ? "" : path));
  }

  /**
   * A snapshot of the cluster's whole volume; the helper accepts no path after a snapshot's name.
   */
  static Share snapshot(DriverOptions options, String name) {
    return share(options, "snaps/" + name + "/" + volume(options));
  }

  private static String volume(DriverOptions options) {
    String volume = options.require("volume");
    if (!volume.matches("[A-Za-z0-9_-]{1,255}")) {
      throw options.invalid("volume", "letters, digits, - and _");
    }
    return volume;
  }

  private static Share share(DriverOptions options, String place) {
    List<String> words = new ArrayList<>();
    if (options.has("backup-servers")) {
      words.add("backup-volfile-servers=" + backups(options));
    }
    words.addAll(ShareOptions.further(options));
    return new Share(
        NAME,
        "%s:/%s".formatted(ShareOptions.server(options), place),
        words,
        ShareOptions.patience(ShareOptions.timeout(options)));
  }

  /**
   * The backup servers, separated by colons as the program requires; so none can be an IPv6
   * address.
   */
  private static String backups(DriverOptions options) {
    String servers = options.require("backup-servers");
    if (!servers.matches("[A-Za-z0-9][A-Za-z0-9._-]*(,[A-Za-z0-9][A-Za-z0-9._-]*)*")) {
      throw options.invalid("backup-servers", "names or IPv4 addresses separated by commas");
    }
    return servers.replace(',', ':');
  }
}
