package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.machine.AttachRequest;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The machine to which a new disk belongs from the beginning. */
public final class NewDiskOption {
  @Option(
      names = "--attach",
      paramLabel = "vm",
      description = "Attach the new disk to this machine: VM, VM:DRIVE or VM:DRIVE:ro")
  private Optional<String> attach = Optional.empty();

  public boolean given() {
    return attach.isPresent();
  }

  /** Creates the volume and, if requested, attaches it. */
  public CreateResult create(Session session, VolumeRequest request) {
    return attach
        .map(text -> AttachRequest.parse(request.name().text(), text))
        .map(machine -> session.machines().create(request, machine))
        .orElseGet(() -> session.volumes().create(request));
  }
}
