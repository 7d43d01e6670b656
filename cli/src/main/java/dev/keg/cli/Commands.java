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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Every subcommand by its names, the first of which is the one that help shows. */
final class Commands {
  private static final List<Subcommand> ALL =
      List.of(
          new Subcommand(Group.VOLUMES, CreateCommand::new, "Create a volume", "create"),
          new Subcommand(
              Group.VOLUMES,
              InspectCommand::new,
              "Display detailed information on one or more volumes",
              "inspect"),
          new Subcommand(Group.VOLUMES, LsCommand::new, "List volumes", "ls", "list"),
          new Subcommand(
              Group.VOLUMES,
              RmCommand::new,
              "Remove one or more volumes. You cannot remove a volume that is in use",
              "rm",
              "remove"),
          new Subcommand(Group.VOLUMES, PruneCommand::new, "Remove unused local volumes", "prune"),
          new Subcommand(
              Group.VOLUMES,
              UpdateCommand::new,
              "Change the labels, description and protection of one or more volumes",
              "update"),
          new Subcommand(Group.VOLUMES, RenameCommand::new, "Rename a volume", "rename"),
          new Subcommand(
              Group.VOLUMES, ExistsCommand::new, "Check whether a volume exists", "exists"),
          new Subcommand(
              Group.VOLUMES,
              CloneCommand::new,
              "Copy a volume, or a snapshot or a backup of one",
              "clone"),
          new Subcommand(
              Group.VOLUMES,
              SnapshotCommand::new,
              "Keep a volume as it is now, and go back to it: create, ls, rm, restore, diff",
              "snapshot"),
          new Subcommand(
              Group.VOLUMES,
              CpCommand::new,
              "Copy files between a volume and the host, or between volumes",
              "cp"),
          new Subcommand(
              Group.VOLUMES, ResizeCommand::new, "Change the capacity of a volume", "resize"),
          new Subcommand(
              Group.VOLUMES,
              CompactCommand::new,
              "Release space that a volume does not need",
              "compact"),
          new Subcommand(
              Group.VOLUMES,
              AdoptCommand::new,
              "Register existing disk images, directories or docker volumes as volumes",
              "adopt"),
          new Subcommand(
              Group.VOLUMES, MoveCommand::new, "Move a volume to another host or pool", "move"),
          new Subcommand(
              Group.VOLUMES,
              PoolCommand::new,
              "Keep volumes on several disks, and in an archive",
              "pool"),
          new Subcommand(
              Group.MOUNTS,
              MountCommand::new,
              "Mount a volume or all volumes of a container, or list what is mounted",
              "mount"),
          new Subcommand(
              Group.MOUNTS,
              UnmountCommand::new,
              "Unmount targets, volumes, or all mounts of a container",
              "unmount",
              "umount"),
          new Subcommand(
              Group.MACHINES,
              AttachCommand::new,
              "Attach a volume to a virtual machine as a disk",
              "attach"),
          new Subcommand(
              Group.MACHINES,
              DetachCommand::new,
              "Detach a volume from a virtual machine",
              "detach"),
          new Subcommand(
              Group.MACHINES,
              RenderCommand::new,
              "Print the document with which another program attaches volumes",
              "render"),
          new Subcommand(
              Group.BACKUP,
              BackupCommand::new,
              "Back up volumes to a file or to repositories",
              "backup"),
          new Subcommand(
              Group.BACKUP,
              BackupsCommand::new,
              "List the backups in a repository, the oldest first, or look inside of them",
              "backups"),
          new Subcommand(
              Group.BACKUP,
              RestoreCommand::new,
              "Restore volumes, or some files of one, from a backup",
              "restore"),
          new Subcommand(
              Group.BACKUP,
              VerifyCommand::new,
              "Verify backups: the newest of each volume, or those that are named",
              "verify"),
          new Subcommand(
              Group.BACKUP,
              DrillCommand::new,
              "Prove that backups can be restored: the newest of each volume",
              "drill"),
          new Subcommand(
              Group.BACKUP,
              ForgetCommand::new,
              "Forget the backups that a policy does not keep, or some by their IDs",
              "forget"),
          new Subcommand(
              Group.BACKUP,
              RepoCommand::new,
              "List, copy, trust and upgrade repositories, and change their keys",
              "repo"),
          new Subcommand(
              Group.BACKUP, ExportCommand::new, "Export a volume to a tar archive", "export"),
          new Subcommand(
              Group.BACKUP,
              ImportCommand::new,
              "Import a tar or zip archive into a volume",
              "import"),
          new Subcommand(
              Group.BACKUP,
              PushCommand::new,
              "Push a volume to a registry of container images",
              "push"),
          new Subcommand(
              Group.BACKUP,
              PullCommand::new,
              "Pull a volume from a registry of container images",
              "pull"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              DfCommand::new,
              "Show how much volumes hold, and how full what they lie on is",
              "df"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              CheckCommand::new,
              "Find what is wrong with volumes, mounts and backups",
              "check"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              StatsCommand::new,
              "Show what the devices below volumes do",
              "stats"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              TuneCommand::new,
              "Show or change how the system treats what a volume lies on",
              "tune"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              WarmCommand::new,
              "Read volumes into memory before somebody needs them",
              "warm"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              ReportCommand::new,
              "Write a page that shows volumes, usage, backups and findings",
              "report"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              PolicyCommand::new,
              "Show what is to happen to volumes by itself, and why",
              "policy"),
          new Subcommand(
              Group.WATCH_AND_REPAIR,
              MaintainCommand::new,
              "Do what is due by policy: snapshots, backups, verification, moves",
              "maintain"),
          new Subcommand(
              Group.HOSTS,
              RegistryCommand::new,
              "Make, copy and check a registry that many hosts share",
              "registry"),
          new Subcommand(
              Group.HOSTS,
              HostCommand::new,
              "List the hosts of a shared registry, and give up one that is gone",
              "host"),
          new Subcommand(
              Group.ENGINES,
              DriversCommand::new,
              "List drivers, or the options of a driver",
              "drivers"),
          new Subcommand(
              Group.ENGINES,
              PluginCommand::new,
              "Answer a container engine as its volume plugin",
              "plugin"),
          new Subcommand(
              Group.ENGINES,
              NomadCommand::new,
              "Answer Nomad as a plugin of its dynamic host volumes",
              "nomad"),
          new Subcommand(
              Group.SHELL,
              CompletionCommand::new,
              "Print a completion script for a shell",
              "completion"),
          new Subcommand(
              Group.SHELL,
              ConfigCommand::new,
              "Show and set what commands use where no flag says otherwise",
              "config"),
          new Subcommand(
              Group.SHELL, HelpCommand::new, "Show help for a command, or explain a topic", "help"),
          new Subcommand(
              Group.SHELL,
              InfoCommand::new,
              "Show this installation, for a bug report; contains no secrets",
              "info"),
          new Subcommand(Group.SHELL, VersionCommand::new, "Show the version", "version"),
          new Subcommand(
              Group.SHELL,
              CompleteCommand::new,
              "Print the words that could stand at the end of a command line",
              "__complete"),
          new Subcommand(
              Group.SHELL,
              HookCommand::new,
              "Name the newest backup of what docker has removed",
              "__hooks"),
          new Subcommand(
              Group.SHELL, ThawCommand::new, "Thaw a guest when the standard input ends", "__thaw"),
          new Subcommand(
              Group.SHELL,
              ReceiveCommand::new,
              "Take what keg move sends on the standard input",
              "__receive"));

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

  /**
   * A command.
   *
   * @param header what it is for; here, because to read it from the class takes as long as a small
   *     command
   */
  private record Subcommand(
      Group group, Supplier<Object> maker, String header, List<String> names) {
    Subcommand(Group group, Supplier<Object> maker, String header, String... names) {
      this(group, maker, header, List.of(names));
    }

    void addTo(CommandLine keg) {
      add(keg, new CommandLine(maker.get(), keg.getFactory()));
    }

    /** Its names and what it is for, without its options: enough to be listed. */
    void addOutlineTo(CommandLine keg) {
      add(keg, new CommandLine(CommandSpec.create().name(names.getFirst()), keg.getFactory()));
    }

    private void add(CommandLine keg, CommandLine command) {
      command.getCommandSpec().usageMessage().header(header).hidden(isHidden());
      keg.addSubcommand(
          names.getFirst(), command, names.subList(1, names.size()).toArray(String[]::new));
    }

    // Only Keg itself calls these.
    boolean isHidden() {
      return names.getFirst().startsWith("__");
    }
  }

  /** The names of the commands under the titles of their groups; only groups that have some. */
  static SequencedMap<String, List<String>> groups() {
    SequencedMap<String, List<String>> groups = new LinkedHashMap<>();
    for (Group group : Group.values()) {
      List<String> names =
          ALL.stream()
              .filter(command -> command.group() == group && !command.isHidden())
              .map(command -> command.names().getFirst())
              .toList();
      if (!names.isEmpty()) {
        groups.put(group.title, names);
      }
    }
    return groups;
  }

  /** Adds all of them, for who describes them. */
  static void addAllTo(CommandLine keg) {
    ALL.forEach(command -> command.addTo(keg));
  }

  /**
   * Adds the subcommand that the arguments name, and outlines of the others where they are listed:
   * making the model of one that is not run costs more than running a small one.
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
      addListedTo(keg, line);
      return;
    }
    named.addTo(keg);
    if (isCompletion(named)) {
      int dashes = line.indexOf("--");
      addCompletedTo(
          keg, withValue, dashes < 0 ? List.of() : line.subList(dashes + 1, line.size()));
    }
  }

  // Help is asked for those that the line names.
  private static void addListedTo(CommandLine keg, List<String> line) {
    for (Subcommand command : ALL) {
      if (Collections.disjoint(command.names(), line)) {
        command.addOutlineTo(keg);
      } else {
        command.addTo(keg);
      }
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

  private static boolean isCompletion(Subcommand command) {
    return command.names().contains("__complete");
  }

  // The first word that is neither a global option nor the value of one.
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
