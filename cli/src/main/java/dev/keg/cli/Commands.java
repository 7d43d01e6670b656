package dev.keg.cli;

import dev.keg.cli.command.AdoptCommand;
import dev.keg.cli.command.AttachCommand;
import dev.keg.cli.command.BackupCommand;
import dev.keg.cli.command.BackupsCommand;
import dev.keg.cli.command.CloneCommand;
import dev.keg.cli.command.CompactCommand;
import dev.keg.cli.command.CompleteCommand;
import dev.keg.cli.command.CompletionCommand;
import dev.keg.cli.command.CreateCommand;
import dev.keg.cli.command.DetachCommand;
import dev.keg.cli.command.DriversCommand;
import dev.keg.cli.command.ExistsCommand;
import dev.keg.cli.command.ExportCommand;
import dev.keg.cli.command.ForgetCommand;
import dev.keg.cli.command.ImportCommand;
import dev.keg.cli.command.InspectCommand;
import dev.keg.cli.command.LsCommand;
import dev.keg.cli.command.MountCommand;
import dev.keg.cli.command.PruneCommand;
import dev.keg.cli.command.RenameCommand;
import dev.keg.cli.command.RenderCommand;
import dev.keg.cli.command.RepoCommand;
import dev.keg.cli.command.ResizeCommand;
import dev.keg.cli.command.RestoreCommand;
import dev.keg.cli.command.RmCommand;
import dev.keg.cli.command.UnmountCommand;
import dev.keg.cli.command.UpdateCommand;
import dev.keg.cli.command.VerifyCommand;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Every subcommand by its names, the first of which is the one that help shows. */
final class Commands {
  private static final List<Subcommand> ALL =
      List.of(
          new Subcommand(AdoptCommand::new, "adopt"),
          new Subcommand(AttachCommand::new, "attach"),
          new Subcommand(BackupCommand::new, "backup"),
          new Subcommand(BackupsCommand::new, "backups"),
          new Subcommand(CloneCommand::new, "clone"),
          new Subcommand(CompactCommand::new, "compact"),
          new Subcommand(CompleteCommand::new, "__complete"),
          new Subcommand(CompletionCommand::new, "completion"),
          new Subcommand(CreateCommand::new, "create"),
          new Subcommand(DetachCommand::new, "detach"),
          new Subcommand(DriversCommand::new, "drivers"),
          new Subcommand(ExistsCommand::new, "exists"),
          new Subcommand(ExportCommand::new, "export"),
          new Subcommand(ForgetCommand::new, "forget"),
          new Subcommand(ImportCommand::new, "import"),
          new Subcommand(InspectCommand::new, "inspect"),
          new Subcommand(LsCommand::new, "ls", "list"),
          new Subcommand(MountCommand::new, "mount"),
          new Subcommand(PruneCommand::new, "prune"),
          new Subcommand(RenameCommand::new, "rename"),
          new Subcommand(RenderCommand::new, "render"),
          new Subcommand(RepoCommand::new, "repo"),
          new Subcommand(ResizeCommand::new, "resize"),
          new Subcommand(RestoreCommand::new, "restore"),
          new Subcommand(RmCommand::new, "rm", "remove"),
          new Subcommand(UnmountCommand::new, "unmount", "umount"),
          new Subcommand(UpdateCommand::new, "update"),
          new Subcommand(VerifyCommand::new, "verify"));

  private Commands() {}

  private record Subcommand(Supplier<Object> maker, List<String> names) {
    Subcommand(Supplier<Object> maker, String... names) {
      this(maker, List.of(names));
    }

    void addTo(CommandLine keg) {
      keg.addSubcommand(
          names.getFirst(), maker.get(), names.subList(1, names.size()).toArray(String[]::new));
    }
  }

  /**
   * Adds the subcommand that the arguments name, or all of them where none is named: making the
   * model of one that is not run costs more than running a small one.
   */
  static void addTo(CommandLine keg, String... arguments) {
    needed(List.of(arguments)).forEach(command -> command.addTo(keg));
  }

  private static List<Subcommand> needed(List<String> arguments) {
    Subcommand named = named(arguments).orElse(null);
    if (named == null) {
      return ALL;
    }
    if (!isCompletion(named)) {
      return List.of(named);
    }
    int dashes = arguments.indexOf("--");
    if (dashes < 0) {
      return ALL;
    }
    Stream<Subcommand> completed = completed(arguments.subList(dashes + 1, arguments.size()));
    return Stream.concat(Stream.of(named), completed.filter(other -> !isCompletion(other)))
        .toList();
  }

  private static boolean isCompletion(Subcommand command) {
    return command.names().contains("__complete");
  }

  // The one of the line that is completed, or those that its last word may become.
  private static Stream<Subcommand> completed(List<String> line) {
    String last = line.isEmpty() ? "" : line.getLast();
    Optional<Subcommand> named = named(line.subList(0, Math.max(0, line.size() - 1)));
    return named.isPresent()
        ? named.stream()
        : ALL.stream().filter(command -> command.names().getFirst().startsWith(last));
  }

  /** The options of every command that take a value. */
  private static final Set<String> WITH_VALUE = Set.of("--root", "--key-fd");

  // The first word that is no global option and not the value of one.
  private static Optional<Subcommand> named(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (WITH_VALUE.contains(argument)) {
        i++;
      } else if (!argument.startsWith("-")) {
        return ALL.stream().filter(command -> command.names().contains(argument)).findFirst();
      }
    }
    return Optional.empty();
  }
}
