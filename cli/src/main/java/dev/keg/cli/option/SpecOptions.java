package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.MountSpecs.SpecTexts;
import dev.keg.mountspec.compose.ComposeFile;
import java.util.ArrayList;
import java.util.List;
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

  @Option(names = "--tmpfs", paramLabel = "spec", description = "Mount a tmpfs: TARGET[:OPTIONS]")
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

  /**
   * The mounts, each on a different target.
   *
   * @param ofMachine whether the service is a machine
   */
  public record Mounts(List<MountSpec> specs, boolean ofMachine) {
    public Mounts {
      specs = List.copyOf(specs);
    }
  }

  /** The mounts in the grammar of this system. */
  public List<MountSpec> read(Session session) {
    return read(session, session.grammars().mountSpecs()).specs();
  }

  /** The mounts in another grammar. */
  public Mounts read(Session session, MountSpecs specs) {
    WrongUse.throwIf(
        compose.isPresent() != service.isPresent(),
        "--compose and --service must be used together");
    List<MountSpec> all = new ArrayList<>(specs.all(new SpecTexts(volumes, mounts, tmpfs)));
    boolean ofMachine = false;
    if (compose.isPresent() && service.isPresent()) {
      ComposeFile file = ComposeOptions.read(session, compose.get(), specs);
      all.addAll(file.mounts(service.get()));
      file.warnings().forEach(session::warn);
      ofMachine = file.isMachine(service.get());
    }
    specs.refuseDuplicates(all);
    return new Mounts(all, ofMachine);
  }
}
