package dev.keg.cli.command;

import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.PolicyRow;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.error.VolumeException;
import dev.keg.policy.Policies;
import dev.keg.policy.VolumeFacts;
import dev.keg.registry.RegistryEntry;
import dev.keg.volume.Volume;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg policy}. */
@Command(name = "policy", customSynopsis = "keg policy [OPTIONS] [VOLUME...]")
public final class PolicyCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions(_ -> PolicyRow.ROWS);

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    Policies policies = session.policies();
    VolumeFacts facts = VolumeFacts.of(session.backups());
    List<PolicyRow> found = new ArrayList<>();
    List<RuntimeException> problems = new ArrayList<>();
    problems.addAll(
        PartialFailure.collect(
            wanted(session, problems),
            volume -> PolicyRow.of(policies.of(volume, facts)).forEach(found::add)));
    PolicyRow.ROWS.print(session.streams().out(), rows.format(), found);
    PartialFailure.throwIfAny(problems);
  }

  private List<Volume> wanted(Session session, List<RuntimeException> problems) {
    if (!volumes.isEmpty()) {
      return volumes.stream().map(name -> volume(session, name)).toList();
    }
    session.warnOfMissingRoot();
    List<Volume> all = new ArrayList<>();
    for (RegistryEntry entry : session.registry().catalog().ownList()) {
      switch (entry) {
        case RegistryEntry.Intact(Volume volume) -> all.add(volume);
        case RegistryEntry.Broken(String _, VolumeException problem) -> problems.add(problem);
      }
    }
    return all;
  }

  private static Volume volume(Session session, String name) {
    Volume volume =
        session
            .volumes()
            .nameOf(name)
            .flatMap(session.registry()::find)
            .orElseThrow(() -> new NotFound("policy", name));
    return session
        .registry()
        .catalog()
        .own(volume)
        .orElseThrow(
            () -> new OnOtherHost("policy", volume.name().text(), volume.details().host().name()));
  }
}
