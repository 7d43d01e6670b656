package dev.keg.cli.command;

import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsTarget;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the Host Compute Service is to be told, beside the volumes. */
final class HcsOptions {
  @Option(
      names = "--request",
      paramLabel = "add|remove",
      converter = RequestWord.class,
      completionCandidates = RequestWords.class,
      description = "Requests to a system that runs, a line for each, instead of a document (hcs)")
  private Optional<HcsRequests.Type> request = Optional.empty();

  @Option(
      names = "--guest",
      paramLabel = "windows|linux",
      converter = GuestWord.class,
      completionCandidates = GuestWords.class,
      description = "What runs in the machine (default \"windows\") (hcs)")
  private Optional<HcsTarget.Guest> guest = Optional.empty();

  @Option(
      names = "--isolation",
      paramLabel = "process|hyperv",
      completionCandidates = IsolationWords.class,
      converter = IsolationWord.class,
      description = "Whether a container has a machine of its own (default \"process\") (hcs)")
  private Optional<HcsTarget.Kind> isolation = Optional.empty();

  @Option(
      names = "--guest-agent",
      description = "Have the agent of a machine that hcsshim made mount what it gets (hcs)")
  private boolean agent;

  boolean given() {
    return request.isPresent() || guest.isPresent() || isolation.isPresent() || agent;
  }

  Optional<HcsRequests.Type> request() {
    return request;
  }

  boolean linux() {
    return guest.filter(HcsTarget.Guest.LINUX::equals).isPresent();
  }

  /** Why the options do not go together, if so. */
  Optional<String> conflict(boolean machine) {
    if (machine && isolation.isPresent()) {
      return Optional.of("--isolation is for containers, and --vm says that it is a machine");
    }
    if (!machine && (linux() || agent)) {
      return Optional.of("--guest linux and --guest-agent are for machines: say which with --vm");
    }
    return Optional.empty();
  }

  HcsTarget target(boolean machine) {
    return new HcsTarget(
        machine ? HcsTarget.Kind.MACHINE : isolation.orElse(HcsTarget.Kind.CONTAINER),
        guest.orElse(HcsTarget.Guest.WINDOWS),
        agent);
  }

  private static TypeConversionException noneOf(Iterable<String> words) {
    return new TypeConversionException("it is none of " + String.join(", ", words));
  }

  private static <E extends Enum<E>> List<String> words(E[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static <E extends Enum<E>> E find(E[] values, String word) {
    return Arrays.stream(values)
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() -> noneOf(words(values)));
  }

  /** The words for --request. */
  static final class RequestWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return words(HcsRequests.Type.values()).iterator();
    }
  }

  /** Reads --request. */
  static final class RequestWord implements ITypeConverter<HcsRequests.Type> {
    @Override
    public HcsRequests.Type convert(String value) {
      return find(HcsRequests.Type.values(), value);
    }
  }

  /** The words for --guest. */
  static final class GuestWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return words(HcsTarget.Guest.values()).iterator();
    }
  }

  /** Reads --guest. */
  static final class GuestWord implements ITypeConverter<HcsTarget.Guest> {
    @Override
    public HcsTarget.Guest convert(String value) {
      return find(HcsTarget.Guest.values(), value);
    }
  }

  /** The words for --isolation, which are docker's. */
  static final class IsolationWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("process", "hyperv").iterator();
    }
  }

  /** Reads --isolation. */
  static final class IsolationWord implements ITypeConverter<HcsTarget.Kind> {
    @Override
    public HcsTarget.Kind convert(String value) {
      return switch (value) {
        case "process" -> HcsTarget.Kind.CONTAINER;
        case "hyperv" -> HcsTarget.Kind.ISOLATED_CONTAINER;
        default -> throw noneOf(new IsolationWords());
      };
    }
  }
}
