package dev.keg.cli.option;

import dev.keg.cli.session.NativeBinary;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.InvalidInput.InvalidMachine;
import dev.keg.machine.RunningMachine;
import dev.keg.machine.qmp.QmpMachine;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How to reach a running machine. Without these options, only the registry changes. */
public final class RunningOptions {
  @Option(
      names = "--qmp",
      paramLabel = "FILE",
      description = "Change the running machine whose QEMU listens at this socket")
  private Optional<Path> qmp = Optional.empty();

  @Option(
      names = "--hcs",
      paramLabel = "string",
      description = "Change the running machine with this ID in Windows' Host Compute Service")
  private Optional<String> hcs = Optional.empty();

  public Optional<RunningMachine> machine(Session session) {
    WrongUse.throwIf(qmp.isPresent() && hcs.isPresent(), "--qmp and --hcs cannot be used together");
    if (qmp.isPresent()) {
      NativeBinary.heedSignals();
    }
    return hcs.isPresent()
        ? Optional.of(computeSystem(session, hcs.get()))
        : qmp.map(QmpMachine::new);
  }

  private static RunningMachine computeSystem(Session session, String id) {
    return session
        .platform()
        .machine("hcs", id)
        .orElseThrow(() -> new InvalidMachine("--hcs is not available here: it needs Windows"));
  }
}
