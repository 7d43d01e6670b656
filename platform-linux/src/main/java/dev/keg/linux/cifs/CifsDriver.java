package dev.keg.linux.cifs;

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
import dev.keg.volume.Ownership;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The driver {@code cifs}: its options and their names in mount.cifs(8). */
public final class CifsDriver {
  private static final List<String> VERSIONS = List.of("2.0", "2.1", "3", "3.0", "3.0.2", "3.1.1");

  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          ShareOptions.SERVER,
          new OptionDescriptor("share", "SHARE[/PATH]", "the share or a directory in it; required")
              .reaching(Reach.DATA),
          new OptionDescriptor(
                  "credentials",
                  "FILE",
                  "file with username=, password= and domain=; without it, a guest")
              .reaching(Reach.HOST),
          new OptionDescriptor(
              "vers",
              String.join("|", VERSIONS),
              "version of SMB (default: the newest that both support)"),
          new OptionDescriptor(
              "uid", "UID", "owner of all files, if the server does not report it"),
          new OptionDescriptor(
              "gid", "GID", "group of all files, if the server does not report it"),
          new OptionDescriptor("mode", "MODE", "permissions of all files and directories"),
          ShareOptions.TIMEOUT,
          ShareOptions.FURTHER);

  private CifsDriver() {}

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
            "cifs",
            "a share of an SMB server such as Samba or Windows",
            OPTIONS,
            context -> new ShareDriver(kernel.apply(context), CifsDriver::mount))
        .unless(() -> Kernel.lacks("mount.cifs"))
        .lacking(() -> KernelModules.lack("cifs"));
  }

  private static Share mount(DriverOptions options) {
    String source = "//" + ShareOptions.server(options) + "/" + share(options);
    Duration timeout = ShareOptions.timeout(options);
    List<String> words = new ArrayList<>();
    words.add(credentials(options).map(file -> "credentials=" + file).orElse("guest"));
    if (options.has("vers")) {
      words.add("vers=" + options.choice("vers", "3", VERSIONS));
    }
    id(options, "uid", words);
    id(options, "gid", words);
    if (options.mode("mode").isPresent()) {
      int mode = options.mode("mode").getAsInt();
      words.add("dir_mode=0%o".formatted(mode));
      words.add("file_mode=0%o".formatted(mode & 0666));
    }
    words.addAll(waiting(timeout));
    words.addAll(ShareOptions.further(options));
    return new Share("cifs", source, words, ShareOptions.patience(timeout));
  }

  private static String share(DriverOptions options) {
    String share = options.require("share").replace('\\', '/');
    if (share.startsWith("/") || share.chars().anyMatch(c -> c < ' ')) {
      throw options.invalid("share", "the name of a share, without the server");
    }
    return share;
  }

  private static Optional<Path> credentials(DriverOptions options) {
    Optional<Path> file = options.text("credentials").map(Path::of);
    if (file.isPresent() && (!file.get().isAbsolute() || file.get().toString().contains(","))) {
      throw options.invalid("credentials", "an absolute path without commas");
    }
    return file;
  }

  private static void id(DriverOptions options, String key, List<String> words) {
    options
        .number(key)
        .ifPresent(
            id -> {
              if (id < 0 || id > Ownership.MAX_ID) {
                throw options.invalid(key, "a number up to " + Ownership.MAX_ID);
              }
              words.add(key + "=" + id);
            });
  }

  // The client probes the server at each interval and gives up after the third missing answer.
  private static List<String> waiting(Duration timeout) {
    return timeout.isZero()
        ? List.of("hard")
        : List.of("soft", "echo_interval=" + Math.clamp(timeout.toSeconds() / 3, 1, 600));
  }
}
