package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.mountspec.MountSpec;
import dev.keg.volumeset.ContainerId;
import dev.keg.volumeset.SetUpRequest;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The owner of mounts, and how to make them. */
public final class SetUpOptions {
  @Option(
      names = "--container",
      paramLabel = "id",
      description = "Container that the mounts belong to")
  private Optional<String> container = Optional.empty();

  @Option(
      names = "--rootfs",
      paramLabel = "directory",
      description = "Root directory of the container; targets are paths in it")
  private Optional<String> rootfs = Optional.empty();

  @Option(names = "--exclusive", description = "Fail if another holder writes, and keep others out")
  private boolean exclusive;

  @Option(names = "--mkdir", description = "Create the target if it is missing")
  private boolean mkdir;

  public Optional<String> container() {
    return container;
  }

  /** A target in the form of specs: in the root directory, or absolute on the host. */
  public String path(Session session, String target) {
    return rootfs.isEmpty() ? session.grammars().mountSpecs().absolute(target) : target;
  }

  public SetUpRequest request(Session session, List<MountSpec> mounts) {
    return new SetUpRequest(
        container.map(ContainerId::new).orElse(null),
        rootfs.map(text -> session.files().getPath(text).toAbsolutePath()).orElse(null),
        mounts,
        exclusive,
        mkdir);
  }
}
