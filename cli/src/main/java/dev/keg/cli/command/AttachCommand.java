package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.machine.AttachRequest;
import dev.keg.machine.DriveId;
import dev.keg.machine.MachineId;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg attach}: prints what the disk is called in the machine. */
@Command(
    name = "attach",
    customSynopsis = "keg attach [OPTIONS] VOLUME VM",
    header =
        "Give a virtual machine a volume as a disk: to one writer, or to any number of readers")
public final class AttachCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(
      names = "--drive-id",
      paramLabel = "string",
      description = "What the disk is called there; the next free of vda, vdb, ... if not given")
  private Optional<String> drive = Optional.empty();

  @Option(names = "--read-only", description = "The machine may not write to it")
  private boolean readOnly;

  @Mixin private final RunningOptions running = new RunningOptions();

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Parameters(index = "1", paramLabel = "VM")
  private String machine;

  @Override
  public void run() {
    Session session = keg.session();
    AttachRequest request =
        new AttachRequest(volume, new MachineId(machine), drive.map(DriveId::new), readOnly);
    session
        .streams()
        .out()
        .println(session.machines().attach(request, running.machine(session)).drive());
  }
}
