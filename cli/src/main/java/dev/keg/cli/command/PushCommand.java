package dev.keg.cli.command;

import dev.keg.backup.oci.ImageConfig;
import dev.keg.backup.oci.ImageReference;
import dev.keg.backup.oci.PushDestination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.cli.action.SingleSave;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.RegistryOptions;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg push}: uploads a volume as an image that others can mount. */
@Command(name = "push", customSynopsis = "keg push [OPTIONS] VOLUME[@SNAPSHOT] IMAGE [IMAGE...]")
public final class PushCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RegistryOptions registry = new RegistryOptions();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Parameters(index = "0", arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "REGISTRY/NAME[:TAG] (default tag: latest)")
  private List<String> names = List.of();

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    List<ImageReference> images = names.stream().map(ImageReference::parse).toList();
    WrongUse.throwIf(
        images.stream().anyMatch(image -> image.digest().isPresent()),
        "an image is pushed to a tag, not to a digest");
    WrongUse.throwIf(
        images.stream().map(ImageReference::host).distinct().count() > 1,
        "all images must be of one registry");
    new SingleSave(session, "push", name)
        .run(
            SaveRequest.files(Runtime.getRuntime().availableProcessors()),
            () -> destination(session, images),
            session.streams().out(),
            (report, saved) -> tell(session, report, saved));
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

  private void tell(Session session, SaveReport report, Saved saved) {
    if (results.json()) {
      report.of(SaveReport.Style.JSON).saved(saved);
    } else {
      saved.places().forEach(session.streams().out()::println);
    }
  }
}
