package dev.keg.cli;

import dev.keg.cli.command.AdoptCommand;
import dev.keg.cli.command.AttachCommand;
import dev.keg.cli.command.BackupCommand;
import dev.keg.cli.command.BackupsCommand;
import dev.keg.cli.command.CheckCommand;
import dev.keg.cli.command.CloneCommand;
import dev.keg.cli.command.CompactCommand;
import dev.keg.cli.command.CompleteCommand;
import dev.keg.cli.command.CompletionCommand;
import dev.keg.cli.command.ConfigCommand;
import dev.keg.cli.command.CpCommand;
import dev.keg.cli.command.CreateCommand;
import dev.keg.cli.command.DetachCommand;
import dev.keg.cli.command.DfCommand;
import dev.keg.cli.command.DrillCommand;
import dev.keg.cli.command.DriversCommand;
import dev.keg.cli.command.ExistsCommand;
import dev.keg.cli.command.ExportCommand;
import dev.keg.cli.command.ForgetCommand;
import dev.keg.cli.command.HelpCommand;
import dev.keg.cli.command.HookCommand;
import dev.keg.cli.command.HostCommand;
import dev.keg.cli.command.ImportCommand;
import dev.keg.cli.command.InfoCommand;
import dev.keg.cli.command.InspectCommand;
import dev.keg.cli.command.LsCommand;
import dev.keg.cli.command.MaintainCommand;
import dev.keg.cli.command.MountCommand;
import dev.keg.cli.command.MoveCommand;
import dev.keg.cli.command.NomadCommand;
import dev.keg.cli.command.PluginCommand;
import dev.keg.cli.command.PolicyCommand;
import dev.keg.cli.command.PoolCommand;
import dev.keg.cli.command.PruneCommand;
import dev.keg.cli.command.PullCommand;
import dev.keg.cli.command.PushCommand;
import dev.keg.cli.command.ReceiveCommand;
import dev.keg.cli.command.RegistryCommand;
import dev.keg.cli.command.RenameCommand;
import dev.keg.cli.command.RenderCommand;
import dev.keg.cli.command.RepoCommand;
import dev.keg.cli.command.ReportCommand;
import dev.keg.cli.command.ResizeCommand;
import dev.keg.cli.command.RestoreCommand;
import dev.keg.cli.command.RmCommand;
import dev.keg.cli.command.SnapshotCommand;
import dev.keg.cli.command.StatsCommand;
import dev.keg.cli.command.ThawCommand;
import dev.keg.cli.command.TuneCommand;
import dev.keg.cli.command.UnmountCommand;
import dev.keg.cli.command.UpdateCommand;
import dev.keg.cli.command.VerifyCommand;
import dev.keg.cli.command.VersionCommand;
import dev.keg.cli.command.WarmCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** Every subcommand by its names, the first of which is the one that help shows. */
final class Commands {
  private static final List<Subcommand> ALL =
      List.of(
          new Subcommand(Group.VOLUMES, CreateCommand::new, "create"),
          new Subcommand(Group.VOLUMES, InspectCommand::new, "inspect"),
          new Subcommand(Group.VOLUMES, LsCommand::new, "ls", "list"),
          new Subcommand(Group.VOLUMES, RmCommand::new, "rm", "remove"),
          new Subcommand(Group.VOLUMES, PruneCommand::new, "prune"),
          new Subcommand(Group.VOLUMES, UpdateCommand::new, "update"),
          new Subcommand(Group.VOLUMES, RenameCommand::new, "rename"),
          new Subcommand(Group.VOLUMES, ExistsCommand::new, "exists"),
          new Subcommand(Group.VOLUMES, CloneCommand::new, "clone"),
          new Subcommand(Group.VOLUMES, SnapshotCommand::new, "snapshot"),
          new Subcommand(Group.VOLUMES, CpCommand::new, "cp"),
          new Subcommand(Group.VOLUMES, ResizeCommand::new, "resize"),
          new Subcommand(Group.VOLUMES, CompactCommand::new, "compact"),
          new Subcommand(Group.VOLUMES, AdoptCommand::new, "adopt"),
          new Subcommand(Group.VOLUMES, MoveCommand::new, "move"),
          new Subcommand(Group.VOLUMES, PoolCommand::new, "pool"),
          new Subcommand(Group.MOUNTS, MountCommand::new, "mount"),
          new Subcommand(Group.MOUNTS, UnmountCommand::new, "unmount", "umount"),
          new Subcommand(Group.MACHINES, AttachCommand::new, "attach"),
          new Subcommand(Group.MACHINES, DetachCommand::new, "detach"),
          new Subcommand(Group.MACHINES, RenderCommand::new, "render"),
          new Subcommand(Group.BACKUP, BackupCommand::new, "backup"),
          new Subcommand(Group.BACKUP, BackupsCommand::new, "backups"),
          new Subcommand(Group.BACKUP, RestoreCommand::new, "restore"),
          new Subcommand(Group.BACKUP, VerifyCommand::new, "verify"),
          new Subcommand(Group.BACKUP, DrillCommand::new, "drill"),
          new Subcommand(Group.BACKUP, ForgetCommand::new, "forget"),
          new Subcommand(Group.BACKUP, RepoCommand::new, "repo"),
          new Subcommand(Group.BACKUP, ExportCommand::new, "export"),
          new Subcommand(Group.BACKUP, ImportCommand::new, "import"),
          new Subcommand(Group.BACKUP, PushCommand::new, "push"),
          new Subcommand(Group.BACKUP, PullCommand::new, "pull"),
          new Subcommand(Group.WATCH_AND_REPAIR, DfCommand::new, "df"),
          new Subcommand(Group.WATCH_AND_REPAIR, CheckCommand::new, "check"),
          new Subcommand(Group.WATCH_AND_REPAIR, StatsCommand::new, "stats"),
          new Subcommand(Group.WATCH_AND_REPAIR, TuneCommand::new, "tune"),
          new Subcommand(Group.WATCH_AND_REPAIR, WarmCommand::new, "warm"),
          new Subcommand(Group.WATCH_AND_REPAIR, ReportCommand::new, "report"),
          new Subcommand(Group.WATCH_AND_REPAIR, PolicyCommand::new, "policy"),
          new Subcommand(Group.WATCH_AND_REPAIR, MaintainCommand::new, "maintain"),
          new Subcommand(Group.HOSTS, RegistryCommand::new, "registry"),
          new Subcommand(Group.HOSTS, HostCommand::new, "host"),
          new Subcommand(Group.ENGINES, DriversCommand::new, "drivers"),
          new Subcommand(Group.ENGINES, PluginCommand::new, "plugin"),
          new Subcommand(Group.ENGINES, NomadCommand::new, "nomad"),
          new Subcommand(Group.SHELL, CompletionCommand::new, "completion"),
          new Subcommand(Group.SHELL, ConfigCommand::new, "config"),
          new Subcommand(Group.SHELL, HelpCommand::new, "help"),
          new Subcommand(Group.SHELL, InfoCommand::new, "info"),
          new Subcommand(Group.SHELL, VersionCommand::new, "version"),
          new Subcommand(Group.SHELL, CompleteCommand::new, "__complete"),
          new Subcommand(Group.SHELL, HookCommand::new, "__hooks"),
          new Subcommand(Group.SHELL, ThawCommand::new, "__thaw"),
          new Subcommand(Group.SHELL, ReceiveCommand::new, "__receive"));

  private Commands() {}

  /** What belongs together in the help, in its order. */
  private enum Group {
    VOLUMES("Volumes"),
    MOUNTS("Mounts"),
    MACHINES("Machines"),
    BACKUP("Backup"),
    WATCH_AND_REPAIR("Watch and repair"),
    HOSTS("Many hosts"),
    ENGINES("Engines"),
    SHELL("Shell");

    private final String title;

    Group(String title) {
      this.title = title;
    }
  }

  private record Subcommand(Group group, Supplier<Object> maker, List<String> names) {
    Subcommand(Group group, Supplier<Object> maker, String... names) {
      this(group, maker, List.of(names));
    }

    void addTo(CommandLine keg) {
      keg.addSubcommand(
          names.getFirst(), maker.get(), names.subList(1, names.size()).toArray(String[]::new));
    }

    /** Its names and what it does, without its options: enough to be listed. */
    void addOutlineTo(CommandLine keg) {
      Command annotation = maker.get().getClass().getAnnotation(Command.class);
      CommandSpec outline = CommandSpec.create().name(names.getFirst());
      outline.usageMessage().header(annotation.header()).hidden(annotation.hidden());
      keg.addSubcommand(outline.name(), outline);
    }
  }

  /** The names of the commands under the titles of their groups; only groups that have some. */
  static SequencedMap<String, List<String>> groups() {
    SequencedMap<String, List<String>> groups = new LinkedHashMap<>();
    for (Group group : Group.values()) {
      List<String> names =
          ALL.stream()
              .filter(command -> command.group() == group && !isHidden(command))
              .map(command -> command.names().getFirst())
              .toList();
      if (!names.isEmpty()) {
        groups.put(group.title, names);
      }
    }
    return groups;
  }

  /**
   * Adds the subcommand that the arguments name, or all of them where none is named: making the
   * model of one that is not run costs more than running a small one.
   */
  static void addTo(CommandLine keg, String... arguments) {
    Set<String> withValue =
        keg.getCommandSpec().options().stream()
            .filter(option -> option.arity().max() > 0)
            .flatMap(option -> Stream.of(option.names()))
            .collect(Collectors.toSet());
    List<String> line = List.of(arguments);
    Subcommand named = named(withValue, line).orElse(null);
    if (named == null || isHelp(named)) {
      ALL.forEach(command -> command.addTo(keg));
      return;
    }
    named.addTo(keg);
    if (isCompletion(named)) {
      int dashes = line.indexOf("--");
      addCompletedTo(
          keg, withValue, dashes < 0 ? List.of() : line.subList(dashes + 1, line.size()));
    }
  }

  // The command of the line that is completed, or what its last word may become.
  private static void addCompletedTo(CommandLine keg, Set<String> withValue, List<String> line) {
    Subcommand named =
        named(withValue, line.subList(0, Math.max(0, line.size() - 1)))
            .filter(command -> !isCompletion(command))
            .orElse(null);
    if (named != null) {
      named.addTo(keg);
    }
    if (named == null || isHelp(named)) {
      String begun = line.isEmpty() ? "" : line.getLast();
      ALL.stream()
          .filter(command -> !command.equals(named) && !isCompletion(command))
          .filter(command -> command.names().getFirst().startsWith(begun))
          .forEach(command -> command.addOutlineTo(keg));
    }
  }

  // Help is about all of them.
  private static boolean isHelp(Subcommand command) {
    return command.names().contains("help");
  }

  // Only Keg itself calls these.
  private static boolean isHidden(Subcommand command) {
    return command.names().getFirst().startsWith("__");
  }

  private static boolean isCompletion(Subcommand command) {
    return command.names().contains("__complete");
  }

  // The first word that is no global option and not the value of one.
  private static Optional<Subcommand> named(Set<String> withValue, List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (withValue.contains(argument)) {
        i++;
      } else if (!argument.startsWith("-")) {
        return ALL.stream().filter(command -> command.names().contains(argument)).findFirst();
      }
    }
    return Optional.empty();
  }
}
