package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.file.FileFailures;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.MountSpecs.SpecTexts;
import dev.keg.mountspec.compose.ComposeFile;
import dev.keg.mountspec.compose.EnvFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** All mounts of a container, in docker's and compose's syntax. */
public final class SpecOptions {
  @Option(
      names = {"-v", "--volume"},
      paramLabel = "spec",
      description = "Mount a volume or a directory: [SOURCE:]TARGET[:MODE]")
  private List<String> volumes = new ArrayList<>();

  @Option(
      names = "--mount",
      paramLabel = "spec",
      description = "Mount a volume, directory or tmpfs: type=volume,source=NAME,target=PATH,...")
  private List<String> mounts = new ArrayList<>();

  @Option(names = "--tmpfs", paramLabel = "spec", description = "Mount memory: TARGET[:OPTIONS]")
  private List<String> tmpfs = new ArrayList<>();

  @Option(
      names = "--compose",
      paramLabel = "file",
      description = "Mount the volumes of a service in this compose file")
  private Optional<String> compose = Optional.empty();

  @Option(names = "--service", paramLabel = "name", description = "The service of the compose file")
  private Optional<String> service = Optional.empty();

  public boolean given() {
    return !volumes.isEmpty()
        || !mounts.isEmpty()
        || !tmpfs.isEmpty()
        || compose.isPresent()
        || service.isPresent();
  }

  public Optional<String> service() {
    return service;
  }

  /** The mounts, no two of them on one target. */
  public List<MountSpec> read(Session session) {
    return read(session, session.mountSpecs());
  }

  /** The same, in another grammar. */
  public List<MountSpec> read(Session session, MountSpecs specs) {
    WrongUse.throwIf(
        compose.isPresent() != service.isPresent(),
        "--compose and --service must be used together");
    List<MountSpec> all = new ArrayList<>(specs.all(new SpecTexts(volumes, mounts, tmpfs)));
    if (compose.isPresent() && service.isPresent()) {
      ComposeFile file = composeFile(session, compose.get(), specs);
      all.addAll(file.mounts(service.get()));
      file.warnings().forEach(session::warn);
    }
    specs.refuseDuplicates(all);
    return all;
  }

  private static ComposeFile composeFile(Session session, String text, MountSpecs specs) {
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

  // One byte more than is allowed tells that there are too many.
  private static String content(Path file) {
    return FileFailures.translate("open", file, () -> read(file));
  }

  private static String read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(ComposeFile.MAX_BYTES + 1), StandardCharsets.UTF_8);
    }
  }
}
