package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.machine.AttachRequest;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The machine that has a new disk from the first moment. */
public final class NewDiskOption {
  @Option(
      names = "--attach",
      paramLabel = "vm",
      description = "Attach the new disk to this machine: VM, VM:DRIVE or VM:DRIVE:ro")
  private Optional<String> attach = Optional.empty();

  public boolean given() {
    return attach.isPresent();
  }

  /** Creates the volume and, if wanted, attaches it. */
  public CreateResult create(Session session, VolumeRequest request) {
    return attach
        .map(text -> AttachRequest.parse(request.name().text(), text))
        .map(machine -> session.machines().create(request, machine))
        .orElseGet(() -> session.volumes().create(request));
  }
}
