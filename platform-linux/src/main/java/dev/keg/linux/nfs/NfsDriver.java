package dev.keg.linux.nfs;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.ShareDriver;
import dev.keg.linux.driver.ShareDriver.Share;
import dev.keg.linux.driver.ShareOptions;
import dev.keg.linux.mount.KernelModules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The driver {@code nfs}: its options and their names in nfs(5). */
public final class NfsDriver {
  private static final List<String> VERSIONS = List.of("3", "4", "4.0", "4.1", "4.2");

  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          ShareOptions.SERVER,
          new OptionDescriptor("path", "PATH", "the exported directory; required")
              .reaching(Reach.DATA),
          new OptionDescriptor(
              "vers",
              String.join("|", VERSIONS),
              "version of NFS (default: the newest that both support)"),
          ShareOptions.TIMEOUT,
          ShareOptions.FURTHER);

  private NfsDriver() {}

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
            "nfs",
            "a directory of an NFS server",
            OPTIONS,
            context -> new ShareDriver(kernel.apply(context), NfsDriver::share))
        .unless(() -> Kernel.lacks("mount.nfs"))
        .lacking(() -> KernelModules.lack("nfs"));
  }

  private static Share share(DriverOptions options) {
    String source = ShareOptions.server(options) + ":" + path(options);
    Duration timeout = ShareOptions.timeout(options);
    List<String> words = new ArrayList<>();
    if (options.has("vers")) {
      words.add("vers=" + options.choice("vers", "4", VERSIONS));
    }
    words.addAll(waiting(timeout));
    words.addAll(ShareOptions.further(options));
    return new Share("nfs", source, words, ShareOptions.patience(timeout));
  }

  private static String path(DriverOptions options) {
    String path = options.require("path");
    if (!path.startsWith("/")) {
      throw options.invalid("path", "an absolute path");
    }
    return path;
  }

  // The client sends a request three times, at intervals of a third of the timeout (nfs(5), timeo
  // and retrans). mount.nfs tries once and stays in the foreground.
  private static List<String> waiting(Duration timeout) {
    return timeout.isZero()
        ? List.of("hard", "retry=0")
        : List.of("soft", "timeo=" + Math.max(1, timeout.toMillis() / 300), "retrans=2", "retry=0");
  }
}
