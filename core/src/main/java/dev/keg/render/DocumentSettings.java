package dev.keg.render;

import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.render.document.LineSettings;
import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsTarget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What documents are told beside their parts; each takes what is for it.
 *
 * @param service whose volumes a compose file has
 * @param change of a system that runs, for the Host Compute Service; absent for one that is made
 */
public record DocumentSettings(
    LineSettings lines,
    SecurityModel model,
    String service,
    HcsTarget target,
    HcsRequests.@Nullable Type change) {

  Optional<HcsRequests.Type> request() {
    return Optional.ofNullable(change);
  }
}
