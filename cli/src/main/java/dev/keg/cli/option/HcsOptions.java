package dev.keg.cli.option;

import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsTarget;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of the document for Windows' Host Compute Service besides the volumes. */
public final class HcsOptions {
  /** The options of this mixin. */
  public static final List<String> NAMES =
      List.of("--request", "--guest", "--isolation", "--guest-agent");

  /** Docker's words for the two kinds of containers on Windows. */
  private enum Isolation {
    PROCESS(HcsTarget.Role.CONTAINER),
    HYPERV(HcsTarget.Role.ISOLATED_CONTAINER);

    private final HcsTarget.Role role;

    Isolation(HcsTarget.Role role) {
      this.role = role;
    }
  }

  @Option(
      names = "--request",
      paramLabel = "add|remove",
      converter = RequestWord.class,
      completionCandidates = RequestWord.class,
      description = "Print requests to a running system, one a line, instead of a document (hcs)")
  private Optional<HcsRequests.Type> request = Optional.empty();

  @Option(
      names = "--guest",
      paramLabel = "windows|linux",
      converter = GuestWord.class,
      completionCandidates = GuestWord.class,
      description = "Operating system of the machine (default \"windows\") (hcs)")
  private Optional<HcsTarget.Guest> guest = Optional.empty();

  @Option(
      names = "--isolation",
      paramLabel = "process|hyperv",
      converter = IsolationWord.class,
      completionCandidates = IsolationWord.class,
      description = "Isolation of the container (default \"process\") (hcs)")
  private Optional<Isolation> isolation = Optional.empty();

  @Option(
      names = "--guest-agent",
      description = "Let hcsshim's agent in the machine mount the volumes (hcs)")
  private boolean agent;

  public Optional<HcsRequests.Type> request() {
    return request;
  }

  public boolean linux() {
    return guest.filter(HcsTarget.Guest.LINUX::equals).isPresent();
  }

  /** Why these options conflict with a machine, or with its absence. */
  public Optional<String> conflict(boolean machine) {
    if (machine && isolation.isPresent()) {
      return Optional.of("--isolation applies only to containers, not to --vm");
    }
    if (!machine && (linux() || agent)) {
      return Optional.of("--guest linux and --guest-agent require --vm");
    }
    return Optional.empty();
  }

  public HcsTarget target(boolean machine) {
    return new HcsTarget(
        machine ? HcsTarget.Role.MACHINE : isolation.orElse(Isolation.PROCESS).role,
        guest.orElse(HcsTarget.Guest.WINDOWS),
        agent);
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The words for --request. */
  static final class RequestWord extends OneOf<HcsRequests.Type> {
    RequestWord() {
      super(HcsRequests.Type.values(), HcsOptions::lowerCase);
    }
  }

  /** The words for --guest. */
  static final class GuestWord extends OneOf<HcsTarget.Guest> {
    GuestWord() {
      super(HcsTarget.Guest.values(), HcsOptions::lowerCase);
    }
  }

  /** The words for --isolation. */
  static final class IsolationWord extends OneOf<Isolation> {
    IsolationWord() {
      super(Isolation.values(), HcsOptions::lowerCase);
    }
  }
}
