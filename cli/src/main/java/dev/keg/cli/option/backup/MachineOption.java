package dev.keg.cli.option.backup;

import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.MachineCopies;
import dev.keg.backup.save.SaveListener;
import dev.keg.cli.program.GuestGuard;
import dev.keg.cli.session.NativeBinary;
import dev.keg.cli.session.Session;
import dev.keg.machine.RunningMachine;
import dev.keg.machine.qmp.GuestAgent;
import dev.keg.machine.qmp.QmpMachine;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The running machine whose disks are backed up. */
public final class MachineOption {
  @Option(
      names = "--qmp",
      paramLabel = "FILE",
      description =
          "Copy the disks of the running machine whose QEMU listens at this socket, all at the same"
              + " moment")
  private Optional<Path> qmp = Optional.empty();

  @Option(
      names = "--quiesce",
      paramLabel = "FILE",
      description =
          "With --qmp, ask the guest agent that listens at this socket to freeze the guest's file"
              + " systems at that moment")
  private Optional<Path> quiesce = Optional.empty();

  /** Why other options conflict with these. */
  public Optional<String> conflict(SaveOptions how) {
    if (quiesce.isPresent() && qmp.isEmpty()) {
      return Optional.of("--quiesce requires --qmp");
    }
    return qmp.isPresent() && how.holdsStill()
        ? Optional.of(
            "--qmp and --freeze, --stop-with, --pre, --post or --as files cannot be used together")
        : Optional.empty();
  }

  /** Copies the disks, if a machine has them. */
  public MachineCopies copies(Session session, BackupContext context, SaveListener listener) {
    if (qmp.isPresent()) {
      NativeBinary.heedSignals();
    }
    return new MachineCopies(context, qmp.map(socket -> running(session, socket)), listener);
  }

  private RunningMachine running(Session session, Path socket) {
    return new QmpMachine(
        socket,
        quiesce.map(
            agent ->
                new GuestAgent(
                    agent, new GuestGuard(session.programs(), NativeBinary.file(), agent))));
  }
}
