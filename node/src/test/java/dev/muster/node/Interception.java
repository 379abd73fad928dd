package dev.muster.node;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** What stands before a registry, or something else, in a test that needs a certain order: sees each call, and makes it. */
@FunctionalInterface
public interface Interception {

    Object call(Method method, Object[] args) throws ReflectiveOperationException;

    /** Something of this type, all of whose calls come here. */
    static <T> T of(Class<T> type, Interception interception) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            try {
                return interception.call(method, args);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }));
    }
}
