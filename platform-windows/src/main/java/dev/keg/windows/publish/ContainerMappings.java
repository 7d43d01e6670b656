package dev.keg.windows.publish;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.json.JsonObject;
import dev.keg.mountspec.Access;
import dev.keg.publish.ResolvedTarget;
import dev.keg.render.document.Part;
import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsTarget;
import dev.keg.windows.win32.ComputeSystems;
import dev.keg.windows.win32.ComputeSystems.ComputeSystem;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Directories in running containers, through requests to the Host Compute Service. The service does
 * not report a container's mapped directories: its properties ({@code System_PropertyType} in the
 * reference of its schema) are memory, statistics, processes and the like. So a mapping counts as
 * existing during that run of the container.
 */
public final class ContainerMappings {
  private static final HcsTarget TARGET =
      new HcsTarget(HcsTarget.Role.CONTAINER, HcsTarget.Guest.WINDOWS, false);

  private final ComputeSystems systems;
  private final Set<ContainerSite> refused;

  public ContainerMappings(ComputeSystems systems) {
    this(systems, new HashSet<>());
  }

  /**
   * @param refused the places where a mapping by this process was refused: anything there belongs
   *     to whoever started the container
   */
  ContainerMappings(ComputeSystems systems, Set<ContainerSite> refused) {
    this.systems = systems;
    this.refused = refused;
  }

  /** The place in the container, which must be running. */
  ResolvedTarget resolve(String container, String target) throws Win32Exception {
    Optional<ComputeSystem> system = systems.look(container);
    if (system.isEmpty() || system.get().stopped()) {
      throw new MountFailed(
          "mount",
          target,
          "no container '%s' is running".formatted(container),
          "`hcsdiag list` shows the ids of running containers; for one that begins to run later,"
              + " `keg render hcs` prints the document");
    }
    if (!system.get().isContainer()) {
      throw new MountFailed(
          "mount",
          target,
          "'%s' is a machine".formatted(container),
          "`keg attach --hcs` gives a machine the disk of a volume");
    }
    return ContainerSite.in(container, system.get().run(), target)
        .map(site -> ResolvedTarget.hiddenAt(site.site()))
        .orElseThrow(
            () ->
                new MountFailed(
                    "mount",
                    target,
                    "a container gets a directory at a path such as C:\\data",
                    "choose another target"));
  }

  void map(String source, ContainerSite site, boolean readOnly) throws Win32Exception {
    Part part = new Part.Tree(source, true, site.path(), Access.DEFAULT.withReadOnly(readOnly));
    for (String request : HcsRequests.of(HcsRequests.Type.ADD, List.of(part), TARGET)) {
      try {
        systems.modify(site.container(), request.strip());
        refused.remove(site);
      } catch (Win32Exception e) {
        if (e.code() != Win32Error.HCS_OPERATION_TIMEOUT) {
          refused.add(site);
        }
        throw e;
      }
    }
  }

  /**
   * Does nothing if nothing is mapped there, or not by Keg, or if that run of the container is
   * over.
   */
  void unmap(ContainerSite site) throws Win32Exception {
    if (refused.contains(site) || !runs(site)) {
      return;
    }
    String request =
        new JsonObject()
            .put("ResourcePath", "Container/MappedDirectories")
            .put("RequestType", "Remove")
            .put("Settings", new JsonObject().put("ContainerPath", site.path()))
            .line();
    try {
      systems.modify(site.container(), request.strip());
    } catch (Win32Exception e) {
      switch (Win32Error.plain(e.code())) {
        case Win32Error.NOT_FOUND,
            Win32Error.FILE_NOT_FOUND,
            Win32Error.HCS_SYSTEM_NOT_FOUND,
            Win32Error.HCS_SYSTEM_ALREADY_STOPPED -> {}
        default -> throw e;
      }
    }
  }

  /** Whether that run of the container still lasts. */
  public boolean runs(ContainerSite site) throws Win32Exception {
    return systems
        .look(site.container())
        .filter(system -> !system.stopped() && site.isOf(system.run()))
        .isPresent();
  }
}
