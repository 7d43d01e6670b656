package dev.keg.cli.option;

import static dev.keg.render.DocumentKind.COMPOSE;
import static dev.keg.render.DocumentKind.HCS;
import static dev.keg.render.DocumentKind.OCI;
import static dev.keg.render.DocumentKind.QEMU;
import static dev.keg.render.DocumentKind.SYSTEMD;

import dev.keg.cli.session.Session;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.render.DocumentKind;
import dev.keg.render.Parts;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The rules of {@code keg render} for each document: its options, and whose paths it uses. */
public final class RenderRules {
  private static final OptionScopes<DocumentKind> SCOPES =
      new OptionScopes<>(DocumentKind::word)
          .with(EnumSet.of(OCI, COMPOSE, HCS), "--container")
          .with(EnumSet.complementOf(EnumSet.of(OCI, COMPOSE)), "--vm", "--first-drive")
          .with(EnumSet.of(QEMU), "--security-model")
          .with(EnumSet.of(SYSTEMD), "--units")
          .with(withLines(), DocumentOptions.LINES)
          .with(EnumSet.of(HCS), HcsOptions.NAMES);

  private RenderRules() {}

  private static EnumSet<DocumentKind> withLines() {
    return Arrays.stream(DocumentKind.values())
        .filter(DocumentKind::hasLines)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(DocumentKind.class)));
  }

  /** A mistake on the command line, if any. */
  public static Optional<String> conflict(CommandSpec command, DocumentKind kind, boolean specs) {
    ParseResult given = command.commandLine().getParseResult();
    boolean container = given.hasMatchedOption("--container");
    boolean machine = given.hasMatchedOption("--vm");
    if (container && (specs || machine)) {
      return Optional.of(
          "--container cannot be combined with --vm, -v, --mount, --tmpfs, --compose");
    }
    if ((container || machine) && given.hasMatchedOption("--first-drive")) {
      return Optional.of("--first-drive cannot be combined with --container or --vm");
    }
    if (!container && !machine && !specs) {
      return Optional.of("name volumes with -v, --mount, --tmpfs, --compose, --container or --vm");
    }
    return SCOPES.misplaced(command, kind);
  }

  /** The facts for the document. */
  public static Parts parts(Session session, DocumentKind kind) {
    return kind == HCS ? session.grammars().partsOfWindows() : session.grammars().parts();
  }

  /** The syntax of the specs. */
  public static MountSpecs grammar(Session session, DocumentKind kind, boolean linuxGuest) {
    if (kind != HCS) {
      return session.grammars().mountSpecs();
    }
    return session
        .grammars()
        .mountSpecsOfWindows(linuxGuest ? PathStyle.LINUX_ON_WINDOWS : PathStyle.WINDOWS);
  }
}
