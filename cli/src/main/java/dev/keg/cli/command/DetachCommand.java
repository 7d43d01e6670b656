package dev.keg.cli.command;

import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.RunningOptions;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.machine.MachineId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg detach}. */
@Command(name = "detach", customSynopsis = "keg detach [OPTIONS] VOLUME VM")
public final class DetachCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Mixin private final RunningOptions running = new RunningOptions();
  @Mixin private ResultOptions results = new ResultOptions();

  @Parameters(index = "0", paramLabel = "VOLUME")
  private String volume;

  @Parameters(index = "1", paramLabel = "VM")
  private String machine;

  @Override
  public void run() {
    Session session = keg.session();
    var _ = session.machines().detach(volume, new MachineId(machine), running.machine(session));
    results.print(session, Result.ofVolume(volume, "Detached").with("VM", machine));
  }
}
