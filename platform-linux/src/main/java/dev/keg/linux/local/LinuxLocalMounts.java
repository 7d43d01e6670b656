package dev.keg.linux.local;

import dev.keg.driver.local.LocalMounts;
import dev.keg.driver.local.MountCall;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.DriverOperation.Action;
import dev.keg.linux.driver.DriverOperation.Call;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.MountProgram;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.mount.MissingFileSystem;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Mounts volumes of the local driver and limits their size. */
public final class LinuxLocalMounts implements LocalMounts {
  private final Kernel kernel;

  public LinuxLocalMounts(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void mount(MountCall call, Path target) throws Refused {
    attempt(
        () -> {
          try {
            kernel
                .mounts()
                .call(call.source(), target, given(call.type()), call.flags(), given(call.data()));
          } catch (ErrnoException e) {
            throw explained(e, call.type());
          }
        });
  }

  // Docker's message "no such device" is misleading, so add an explanation.
  private ErrnoException explained(ErrnoException failure, String type) {
    if (failure.errno() != Errno.ENODEV || type.isEmpty()) {
      return failure;
    }
    String program = hasHelper(type) ? "" : ", and the program mount.%s is missing".formatted(type);
    return failure.because(
        "", MissingFileSystem.meaning(type) + program + ": " + MissingFileSystem.remedy(type));
  }

  private static @Nullable String given(String text) {
    return text.isEmpty() ? null : text;
  }

  // mount(8) runs mount.TYPE; for fuse.sshfs, it tries mount.fuse.sshfs and then mount.fuse.
  @Override
  public boolean hasHelper(String type) {
    return type.equals("fuse") || type.startsWith("fuse.") || kernel.tools().has("mount." + type);
  }

  @Override
  public void mountByHelper(String type, String device, String options, Path target)
      throws Refused {
    MountProgram program = new MountProgram(kernel.tools());
    attempt(() -> program.run(type, device, options, target, MountProgram.PATIENCE));
  }

  @Override
  public void unmount(Path directory) throws Refused {
    attempt(() -> kernel.mounts().unmount(directory, true));
  }

  @Override
  public boolean isMounted(Path directory) throws Refused {
    return answer(() -> kernel.mounts().on(directory).isPresent());
  }

  @Override
  public void requireAnswer(Path directory) throws Refused {
    attempt(() -> kernel.mounts().requireAnswer(directory));
  }

  @Override
  public String resolve(String host) throws UnknownHostException {
    return InetAddress.getByName(host).getHostAddress();
  }

  @Override
  public boolean hasQuotas(Path directory) throws Refused {
    return answer(() -> kernel.quotas().available(directory));
  }

  @Override
  public void limit(Path directory, Size size) throws Refused {
    attempt(() -> kernel.quotas().limit(directory, size.bytes()));
  }

  @Override
  public void shareLimit(Path limited, Path directory) throws Refused {
    attempt(() -> kernel.quotas().shareLimit(limited, directory));
  }

  @Override
  public void unlimit(Path directory) throws Refused {
    attempt(() -> kernel.quotas().unlimit(directory));
  }

  @Override
  public boolean shareOneLimit(Path directory, Path other) throws Refused {
    return answer(() -> kernel.quotas().shareOneLimit(directory, other));
  }

  private static void attempt(Action action) throws Refused {
    var _ =
        answer(
            () -> {
              action.run();
              return true;
            });
  }

  private static <T> T answer(Call<T> call) throws Refused {
    try {
      return call.run();
    } catch (ErrnoException e) {
      throw new Refused(e.reason(), e.remedy().orElse(null), e);
    } catch (ToolException e) {
      throw new Refused(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    } catch (IOException e) {
      throw new Refused(FileFailures.reason(e), null, e);
    }
  }
}
