package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.file.FileFailures;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.WantedVolume;
import dev.keg.mountspec.compose.ComposeFile;
import dev.keg.mountspec.compose.EnvFile;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The volumes that a compose file declares. */
public final class ComposeOptions {
  @Option(
      names = "--compose",
      paramLabel = "file",
      description = "Take the volumes that this compose file declares")
  private Optional<String> compose = Optional.empty();

  @Option(
      names = "--service",
      paramLabel = "name",
      description = "Take only the volumes of this service; can be repeated")
  private List<String> services = new ArrayList<>();

  public boolean given() {
    return compose.isPresent();
  }

  /** Why these options and volume names exclude each other, if they do. */
  public Optional<String> conflict(boolean named) {
    if (compose.isEmpty() && !services.isEmpty()) {
      return Optional.of("--service requires --compose");
    }
    return given() && named
        ? Optional.of("conflicting options: --compose, and volumes or options that describe them")
        : Optional.empty();
  }

  /** The volumes; without {@code --service}, all in the file. */
  public List<WantedVolume> volumes(Session session) {
    ComposeFile file = read(session, compose.orElseThrow(), session.grammars().mountSpecs());
    List<WantedVolume> volumes = file.declared(services);
    file.warnings().forEach(session::warn);
    return volumes;
  }

  /** The names of the volumes. */
  public List<VolumeName> names(Session session) {
    return volumes(session).stream().flatMap(volume -> volume.name().stream()).toList();
  }

  /** The file, with the variables of the {@code .env} beside it. */
  static ComposeFile read(Session session, String text, MountSpecs specs) {
    Path file = session.files().getPath(text).toAbsolutePath();
    Path directory = file.resolveSibling("");
    Map<String, String> environment = session.variables();
    Path env = directory.resolve(".env");
    if (Files.isRegularFile(env)) {
      environment = EnvFile.extend(environment, env.toString(), content(env));
    }
    return ComposeFile.parse(
        content(file),
        new ComposeFile.Origin(text, directory.toString(), environment, null),
        specs);
  }

  // Reading one byte more than allowed detects a longer file.
  private static String content(Path file) {
    return FileFailures.translate("open", file, () -> content(Files.newInputStream(file)));
  }

  private static String content(InputStream stream) throws IOException {
    try (var in = stream) {
      return new String(in.readNBytes(ComposeFile.MAX_BYTES + 1), StandardCharsets.UTF_8);
    }
  }
}
