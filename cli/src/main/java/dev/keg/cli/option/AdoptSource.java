package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The source of many volumes to adopt at once. */
public final class AdoptSource {
  private static final String IMAGE = "(?i).*\\.(raw|img|qcow2|vhdx?|iso)";

  @Option(names = "--docker", description = "Register all volumes of docker")
  private boolean docker;

  @Option(names = "--podman", description = "Register all volumes of podman")
  private boolean podman;

  @Option(names = "--nerdctl", description = "Register all volumes of nerdctl")
  private boolean nerdctl;

  @Option(
      names = "--directory",
      paramLabel = "directory",
      description = "Register all disk images in this directory")
  private Optional<String> directory = Optional.empty();

  /** The program of the engine whose volumes are adopted. */
  public Optional<String> engine() {
    return docker
        ? Optional.of("docker")
        : podman ? Optional.of("podman") : nerdctl ? Optional.of("nerdctl") : Optional.empty();
  }

  /** The disk images in the directory, recognised by their names. */
  public List<Path> images(Session session) {
    Path place = session.files().getPath(directory.orElseThrow());
    return FileFailures.translate("list", place, () -> DirectoryEntries.of(place)).stream()
        .filter(file -> file.toString().matches(IMAGE) && Files.isRegularFile(file))
        .sorted()
        .toList();
  }

  /** The conflict of these options with a path and a name, if any. */
  public Optional<String> conflict(boolean path, boolean name) {
    long sources =
        Stream.of(docker, podman, nerdctl, directory.isPresent(), path)
            .filter(given -> given)
            .count();
    if (sources != 1) {
      return Optional.of(
          "exactly one of PATH, --docker, --podman, --nerdctl and --directory is required");
    }
    return name && !path ? Optional.of("--name requires a PATH") : Optional.empty();
  }
}
