package dev.keg.cli.command;

import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.RunningOptions;
import dev.keg.cli.output.Result;
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

/** {@code keg attach}: prints the name of the disk in the machine. */
@Command(name = "attach", customSynopsis = "keg attach [OPTIONS] VOLUME VM")
public final class AttachCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(
      names = "--drive-id",
      paramLabel = "string",
      description = "Name of the disk in the machine (default: the next free of vda, vdb, ...)")
  private Optional<String> drive = Optional.empty();

  @Option(
      names = "--read-only",
      description = "Attach it read-only; any number of machines may share it")
  private boolean readOnly;

  @Mixin private final RunningOptions running = new RunningOptions();
  @Mixin private ResultOptions results = new ResultOptions();

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Parameters(index = "1", paramLabel = "VM")
  private String machine;

  @Override
  public void run() {
    Session session = keg.session();
    AttachRequest request =
        new AttachRequest(volume, new MachineId(machine), drive.map(DriveId::new), readOnly);
    String name = session.machines().attach(request, running.machine(session)).drive().toString();
    Result result = Result.naming("Drive", name).with("Volume", volume).with("VM", machine);
    results.print(session, result.with("Attached", true));
  }
}
