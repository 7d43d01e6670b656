package dev.keg.windows.win32.system;

import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs of this Windows, only from its own directory. */
final class SystemTools implements Dlls.Tools {
  @Override
  public int run(String program, String... arguments) throws Win32Exception {
    Path directory = Path.of(System.getenv().getOrDefault("SystemRoot", "C:\\Windows"), "System32");
    List<String> command = new ArrayList<>(List.of(directory.resolve(program).toString()));
    command.addAll(List.of(arguments));
    Process process = start(program, command);
    try {
      process.getOutputStream().close();
      return process.waitFor();
    } catch (IOException e) {
      throw failed(program, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(program, e);
    } finally {
      process.destroy();
    }
  }

  private static Process start(String program, List<String> command) throws Win32Exception {
    try {
      return new ProcessBuilder(command)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw failed(program, e);
    }
  }

  private static Win32Exception failed(String program, Exception cause) {
    return (Win32Exception)
        new Win32Exception("run", program, Win32Error.MOD_NOT_FOUND).initCause(cause);
  }
}
