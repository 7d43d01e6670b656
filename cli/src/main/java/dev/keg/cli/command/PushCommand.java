package dev.keg.cli.command;

import dev.keg.backup.oci.ImageConfig;
import dev.keg.backup.oci.ImageReference;
import dev.keg.backup.oci.PushDestination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.cli.option.backup.RegistryOptions;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg push}: a volume as an image that others can mount. */
@Command(
    name = "push",
    customSynopsis = "keg push [OPTIONS] VOLUME[@SNAPSHOT] IMAGE [IMAGE...]",
    header = "Push a volume to a registry of container images")
public final class PushCommand implements Runnable {
  private static final int INCOMPLETE = 3;

  @ParentCommand private Keg keg;
  @Mixin private RegistryOptions registry = new RegistryOptions();

  @Option(names = "--json", description = "Print JSON: an object for each result")
  private boolean json;

  @Parameters(index = "0", arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "REGISTRY/NAME[:TAG]; the tag is latest unless given")
  private List<String> names = List.of();

  @Override
  public void run() {
    Session session = keg.session();
    List<ImageReference> images = names.stream().map(ImageReference::parse).toList();
    WrongUse.throwIf(
        images.stream().anyMatch(image -> image.digest().isPresent()),
        "an image is pushed to a tag, not to a digest");
    WrongUse.throwIf(
        images.stream().map(ImageReference::host).distinct().count() > 1,
        "all images must be of one registry");
    VolumeAt at = VolumeAt.parse(name);
    VolumeName volume =
        session
            .volumes()
            .nameOf(at.volume())
            .filter(known -> session.volumes().exists(known.text()))
            .orElseThrow(() -> new NotFound("push", at.volume()));
    Map<VolumeName, SnapshotName> snapshots =
        at.at().map(snapshot -> Map.of(volume, snapshot)).orElse(Map.of());
    SaveReport report = new SaveReport(session, "push", session.streams().out());
    Saving saving =
        new Saving(
            session.backups().at(snapshots),
            SaveRequest.files(Runtime.getRuntime().availableProcessors()),
            report);
    session.interruptibly(
        () -> finish(session, report, saving.save(volume, destination(session, images))));
  }

  private PushDestination destination(Session session, List<ImageReference> images) {
    return new PushDestination(
        images,
        registry.environment(session),
        new ImageConfig(
            ImageConfig.architecture(System.getProperty("os.arch", "")),
            "linux",
            session.clock().instant()));
  }

  private void finish(Session session, SaveReport report, Saved saved) {
    if (json) {
      report.of(SaveReport.Style.JSON).saved(saved);
    } else {
      saved.places().forEach(session.streams().out()::println);
    }
    PartialFailure.throwIfAny(saved.problems());
    if (!saved.whole()) {
      throw new CommandFailure("Warning: pushed with differences, listed above", INCOMPLETE);
    }
  }
}
