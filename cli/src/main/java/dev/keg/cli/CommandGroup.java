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
import java.util.List;

/** A group of commands in the help. */
record CommandGroup(String title, List<Subcommand> commands) {
  /** All groups, in the order of the help. */
  static final List<CommandGroup> ALL =
      List.of(
          new CommandGroup(
              "Volumes",
              new Subcommand(CreateCommand::new, "Create a volume", "create"),
              new Subcommand(
                  InspectCommand::new,
                  "Display detailed information on one or more volumes",
                  "inspect"),
              new Subcommand(LsCommand::new, "List volumes", "ls", "list"),
              new Subcommand(
                  RmCommand::new,
                  "Remove one or more volumes. You cannot remove a volume that is in use",
                  "rm",
                  "remove"),
              new Subcommand(PruneCommand::new, "Remove unused local volumes", "prune"),
              new Subcommand(
                  UpdateCommand::new,
                  "Change the labels, description and protection of one or more volumes",
                  "update"),
              new Subcommand(RenameCommand::new, "Rename a volume", "rename"),
              new Subcommand(ExistsCommand::new, "Check whether a volume exists", "exists"),
              new Subcommand(
                  CloneCommand::new, "Copy a volume, or a snapshot or a backup of one", "clone"),
              new Subcommand(
                  SnapshotCommand::new,
                  "Create, list, compare, restore and remove snapshots of volumes",
                  "snapshot"),
              new Subcommand(
                  CpCommand::new,
                  "Copy files between a volume and the host, or between volumes",
                  "cp"),
              new Subcommand(ResizeCommand::new, "Change the capacity of a volume", "resize"),
              new Subcommand(
                  CompactCommand::new, "Release space that a volume does not need", "compact"),
              new Subcommand(
                  AdoptCommand::new,
                  "Register existing disk images, directories or docker volumes as volumes",
                  "adopt"),
              new Subcommand(MoveCommand::new, "Move a volume to another host or pool", "move"),
              new Subcommand(
                  PoolCommand::new, "Keep volumes on several disks, and in an archive", "pool")),
          new CommandGroup(
              "Mounts",
              new Subcommand(
                  MountCommand::new,
                  "Mount a volume or all volumes of a container, or list what is mounted",
                  "mount"),
              new Subcommand(
                  UnmountCommand::new,
                  "Unmount targets, volumes, or all mounts of a container",
                  "unmount",
                  "umount")),
          new CommandGroup(
              "Machines",
              new Subcommand(
                  AttachCommand::new, "Attach a volume to a virtual machine as a disk", "attach"),
              new Subcommand(
                  DetachCommand::new, "Detach a volume from a virtual machine", "detach"),
              new Subcommand(
                  RenderCommand::new,
                  "Print a document for another program that uses volumes",
                  "render")),
          new CommandGroup(
              "Backup",
              new Subcommand(
                  BackupCommand::new, "Back up volumes to a file or to repositories", "backup"),
              new Subcommand(
                  BackupsCommand::new,
                  "List the backups in a repository, the oldest first, or look inside them",
                  "backups"),
              new Subcommand(
                  RestoreCommand::new,
                  "Restore volumes, or some files of one, from a backup",
                  "restore"),
              new Subcommand(
                  VerifyCommand::new,
                  "Verify backups: the newest of each volume, or those that are named",
                  "verify"),
              new Subcommand(
                  DrillCommand::new,
                  "Prove that backups can be restored: the newest of each volume",
                  "drill"),
              new Subcommand(
                  ForgetCommand::new,
                  "Forget the backups that a policy does not keep, or some by their IDs",
                  "forget"),
              new Subcommand(
                  RepoCommand::new,
                  "List, copy, trust and upgrade repositories, and change their keys",
                  "repo"),
              new Subcommand(
                  ExportCommand::new, "Export a volume or a backup to a tar archive", "export"),
              new Subcommand(
                  ImportCommand::new, "Import a tar or zip archive into a volume", "import"),
              new Subcommand(
                  PushCommand::new, "Push a volume to a registry of container images", "push"),
              new Subcommand(
                  PullCommand::new, "Pull a volume from a registry of container images", "pull")),
          new CommandGroup(
              "Watch and repair",
              new Subcommand(
                  DfCommand::new,
                  "Show how much volumes hold, and how full their file systems are",
                  "df"),
              new Subcommand(
                  CheckCommand::new,
                  "Find what is wrong with volumes, mounts and backups",
                  "check"),
              new Subcommand(
                  StatsCommand::new, "Show the activity of the devices below volumes", "stats"),
              new Subcommand(
                  TuneCommand::new,
                  "Show or change kernel settings of the storage below a volume",
                  "tune"),
              new Subcommand(
                  WarmCommand::new, "Read volumes into memory before they are needed", "warm"),
              new Subcommand(
                  ReportCommand::new,
                  "Write a page that shows volumes, usage, backups and findings",
                  "report"),
              new Subcommand(
                  PolicyCommand::new, "Show which policies apply to volumes, and why", "policy"),
              new Subcommand(
                  MaintainCommand::new,
                  "Do what is due by policy: snapshots, backups, verification, moves",
                  "maintain")),
          new CommandGroup(
              "Many hosts",
              new Subcommand(
                  RegistryCommand::new,
                  "Make, copy and check a registry that many hosts share",
                  "registry"),
              new Subcommand(
                  HostCommand::new,
                  "List the hosts of a shared registry, and remove one that is gone",
                  "host")),
          new CommandGroup(
              "Engines",
              new Subcommand(
                  DriversCommand::new, "List drivers, or the options of a driver", "drivers"),
              new Subcommand(
                  PluginCommand::new, "Answer a container engine as a volume plugin", "plugin"),
              new Subcommand(
                  NomadCommand::new,
                  "Answer Nomad as a plugin of its dynamic host volumes",
                  "nomad")),
          new CommandGroup(
              "Shell",
              new Subcommand(
                  CompletionCommand::new, "Print a completion script for a shell", "completion"),
              new Subcommand(ConfigCommand::new, "Show and set the defaults of commands", "config"),
              new Subcommand(
                  HelpCommand::new, "Show help for a command, or explain a topic", "help"),
              new Subcommand(
                  InfoCommand::new,
                  "Show this installation, for a bug report; contains no secrets",
                  "info"),
              new Subcommand(VersionCommand::new, "Show the version", "version"),
              new Subcommand(
                  CompleteCommand::new,
                  "Print the words that complete a command line",
                  "__complete"),
              new Subcommand(
                  HookCommand::new, "Name the newest backup of what docker has removed", "__hooks"),
              new Subcommand(
                  ThawCommand::new, "Thaw a guest when the standard input ends", "__thaw"),
              new Subcommand(
                  ReceiveCommand::new,
                  "Receive a volume that another host moves here",
                  "__receive")));

  private CommandGroup(String title, Subcommand... commands) {
    this(title, List.of(commands));
  }
}
