package dev.keg.cli.option;

import dev.keg.machine.DriveId;
import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.render.DocumentKind;
import dev.keg.render.DocumentSettings;
import dev.keg.render.document.LineSettings;
import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Options of the documents for QEMU, and of those that list the mounts that a system makes at boot.
 */
public final class DocumentOptions {
  /** The options of lists of mounts. */
  public static final List<String> LINES = List.of("--no-automount", "--mount-options");

  @Option(
      names = "--security-model",
      paramLabel = "word",
      converter = Model.class,
      completionCandidates = Model.class,
      description = "How the host keeps owners and modes that the machine sets (qemu)")
  private Optional<SecurityModel> model = Optional.empty();

  @Option(
      names = "--first-drive",
      paramLabel = "id",
      converter = FirstDrive.class,
      description =
          "Name of a machine's first disk given by -v, --mount or --compose (default vdb)")
  private Optional<DriveId> firstDrive = Optional.empty();

  @Option(names = "--no-automount", description = "Mount only on request, not at start")
  private boolean noAutomount;

  @Option(
      names = "--mount-options",
      paramLabel = "words",
      description = "Further options of mount(8) such as noatime, separated by commas")
  private List<String> words = new ArrayList<>();

  /** The settings of a document about a container of this name, or a machine. */
  public DocumentSettings settings(
      String name, HcsTarget target, Optional<HcsRequests.Type> request) {
    return new DocumentSettings(
        new LineSettings(
            !noAutomount,
            words.stream().flatMap(some -> Arrays.stream(some.split(",", -1))).toList()),
        model.orElse(SecurityModel.MAPPED_XATTR),
        name,
        target,
        request.orElse(null));
  }

  /** The first disk of the specs; a machine usually boots from a disk of its own. */
  public DriveId firstDrive() {
    return firstDrive.orElseGet(() -> new DriveId("vdb"));
  }

  /** {@code vda}, {@code vdb}, ... */
  static final class FirstDrive implements ITypeConverter<DriveId> {
    @Override
    public DriveId convert(String value) {
      DriveId id = value.matches("vd[a-z]+") ? new DriveId(value) : null;
      if (id == null || id.position().isEmpty()) {
        throw new TypeConversionException("must be one of vda, vdb, ...");
      }
      return id;
    }
  }

  /** The DOCUMENT argument. */
  public static final class Kind extends OneOf<DocumentKind> {
    Kind() {
      super(DocumentKind.values(), DocumentKind::word);
    }
  }

  /** The value of --security-model. */
  static final class Model extends OneOf<SecurityModel> {
    Model() {
      super(SecurityModel.values(), SecurityModel::word);
    }
  }
}
