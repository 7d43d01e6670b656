package dev.keg.linux.kernel;

import com.oracle.svm.core.annotate.Delete;
import com.oracle.svm.core.annotate.TargetClass;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.awt.Component;
import java.awt.Window;

/** Replaces JNA's methods for windows, which would pull all of AWT into the native binary. */
@TargetClass(Native.class)
final class JnaWithoutWindows {
  private JnaWithoutWindows() {}

  @Delete
  static native long getWindowID(Window window);

  @Delete
  static native long getComponentID(Component component);

  @Delete
  static native Pointer getWindowPointer(Window window);

  @Delete
  static native Pointer getComponentPointer(Component component);

  @Delete
  static native long getWindowHandle0(Component component);
}
