package dev.keg.cli.action;

import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.FillOption;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.Differs;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.mountspec.WantedVolume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.VolumeResolver;
import java.util.List;
import java.util.function.Supplier;

/** {@code keg create}: creates volumes; existing ones may differ from the request. */
public record CreateRun(Session session, Differing differing, ResultOptions results) {
  /** How to treat an existing volume that differs. */
  public enum Differing {
    WARN,
    IGNORE,
    FAIL
  }

  public void create(VolumeRequest request, Supplier<CreateResult> work) {
    show(Progress.during(session, "create " + request.name(), work));
  }

  /** Creates a volume with initial data. */
  public void fill(VolumeRequest request, FillOption from) {
    RestoreReport report = from.create(session, request);
    tell(request.name().text(), true);
    report.requireWhole();
  }

  /** Creates the volumes of a compose file. */
  public void createAll(List<WantedVolume> wanted, boolean dryRun) {
    VolumeResolver resolver = session.volumeResolver();
    resolver.requireExternal(wanted);
    if (dryRun) {
      wanted.forEach(volume -> preview(volume.name().orElseThrow()));
    } else {
      PartialFailure.forEach(wanted, volume -> create(resolver, volume));
    }
  }

  private void create(VolumeResolver resolver, WantedVolume wanted) {
    if (wanted.mustExist()) {
      tell(wanted.name().orElseThrow().text(), false);
    } else {
      String name = wanted.name().orElseThrow().text();
      show(Progress.during(session, "create " + name, () -> resolver.volume(wanted)));
    }
  }

  private void preview(VolumeName name) {
    boolean exists = session.volumes().exists(name.text());
    Result result = Result.of(exists ? name + " exists" : "would create " + name);
    results.print(session, result.with("Volume", name.text()).with("Exists", exists));
  }

  private void show(CreateResult creation) {
    String created = creation.volume().name().text();
    if (differing == Differing.FAIL && !creation.differences().isEmpty()) {
      throw new Differs(created, creation.differences());
    }
    if (differing != Differing.IGNORE) {
      creation
          .differences()
          .forEach(difference -> session.warn("volume " + created + " exists: " + difference));
    }
    tell(created, !creation.existed());
  }

  private void tell(String volume, boolean created) {
    results.print(session, Result.naming("Volume", volume).with("Created", created));
  }
}
