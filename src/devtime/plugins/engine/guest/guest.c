/* The half of the plugin engine that is compiled to WebAssembly: one QuickJS runtime that only strings of JSON enter and leave.
 *
 * The host calls `room` and writes bytes there, then `start`, then `boot` with the boot script and `furnish` with what the kind of
 * plugin adds, both as `compile` made them, then `send` for every message. Nothing here knows what a message means; boot.js
 * does. A plugin's code is taken as source only, and there is no file, socket or process to reach.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "quickjs.h"

#define IMPORTED(name) __attribute__((import_module("devtime"), import_name(name)))
#define EXPORTED(name) __attribute__((export_name(name)))

/* Hand a message to the host; the length of its reply, or -1 when it has none. */
IMPORTED("ask") int32_t host_ask(const char *message, uint32_t length);
/* Have that reply written. */
IMPORTED("take") void host_take(char *into);
/* A number the host draws anew for every machine it starts. */
IMPORTED("seed") uint64_t host_seed(void);

static JSRuntime *runtime;
static JSContext *context;
static JSValue dispatch, poll, resolve, load, rejected, furnish_part;
static uint64_t random_state;
static char *result;
static uint32_t result_length;

/* Math.random by SplitMix64: QuickJS would seed it with the time, which two plugins could share. */
static JSValue draw(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
    uint64_t z = (random_state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    z ^= z >> 31;
    return JS_NewFloat64(ctx, (double)(z >> 11) / 9007199254740992.0);
}

/* ask(text) → the host's reply as text, or undefined. */
static JSValue ask(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
    size_t length;
    const char *message = JS_ToCStringLen(ctx, &length, argv[0]);
    int32_t reply_length;
    JSValue reply;
    char *bytes;

    if (!message)
        return JS_EXCEPTION;
    reply_length = host_ask(message, length);
    JS_FreeCString(ctx, message);
    if (reply_length < 0)
        return JS_UNDEFINED;
    bytes = js_malloc(ctx, (size_t)reply_length + 1);
    if (!bytes)
        return JS_EXCEPTION;
    host_take(bytes);
    reply = JS_NewStringLen(ctx, bytes, reply_length);
    js_free(ctx, bytes);
    return reply;
}

/* evaluate(source, file, flags) → the value of a script; flags are QuickJS's own. */
static JSValue evaluate(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
    size_t length;
    const char *source = JS_ToCStringLen(ctx, &length, argv[0]);
    const char *file = source ? JS_ToCString(ctx, argv[1]) : NULL;
    JSValue value = JS_EXCEPTION;
    int32_t flags = 0;

    if (file && JS_ToInt32(ctx, &flags, argv[2]) == 0)
        value = JS_Eval(ctx, source, length, file, flags);
    if ((flags & JS_EVAL_FLAG_COMPILE_ONLY) && !JS_IsException(value)) {
        /* Compiled code is no value a script may hold. */
        JS_FreeValue(ctx, value);
        value = JS_UNDEFINED;
    }
    JS_FreeCString(ctx, file);
    JS_FreeCString(ctx, source);
    return value;
}

static char *normalize(JSContext *ctx, const char *importer, const char *name, void *opaque)
{
    JSValue arguments[2] = {JS_NewString(ctx, importer), JS_NewString(ctx, name)};
    JSValue answer = JS_Call(ctx, resolve, JS_UNDEFINED, 2, arguments);
    const char *text = JS_IsException(answer) ? NULL : JS_ToCString(ctx, answer);
    char *copy = text ? js_strdup(ctx, text) : NULL;

    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, answer);
    JS_FreeValue(ctx, arguments[0]);
    JS_FreeValue(ctx, arguments[1]);
    return copy;
}

static int export_data(JSContext *ctx, JSModuleDef *module)
{
    return JS_SetModuleExport(ctx, module, "default", JS_GetModulePrivateValue(ctx, module));
}

/* The boot script answers with source text, or with an object that wraps a JSON module's text. */
static JSModuleDef *load_module(JSContext *ctx, const char *name, void *opaque)
{
    JSValue argument = JS_NewString(ctx, name);
    JSValue answer = JS_Call(ctx, load, JS_UNDEFINED, 1, &argument);
    JSModuleDef *module = NULL;
    size_t length;

    JS_FreeValue(ctx, argument);
    if (JS_IsException(answer))
        return NULL;
    if (JS_IsString(answer)) {
        const char *source = JS_ToCStringLen(ctx, &length, answer);
        if (source) {
            JSValue compiled = JS_Eval(ctx, source, length, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
            if (!JS_IsException(compiled)) {
                module = JS_VALUE_GET_PTR(compiled);
                JS_FreeValue(ctx, compiled);
            }
            JS_FreeCString(ctx, source);
        }
    } else {
        JSValue wrapped = JS_GetPropertyStr(ctx, answer, "data");
        const char *text = JS_ToCStringLen(ctx, &length, wrapped);
        JSValue data = text ? JS_ParseJSON(ctx, text, length, name) : JS_EXCEPTION;
        if (!JS_IsException(data)) {
            module = JS_NewCModule(ctx, name, export_data);
            if (module) {
                JS_AddModuleExport(ctx, module, "default");
                JS_SetModulePrivateValue(ctx, module, data);
            } else {
                JS_FreeValue(ctx, data);
            }
        }
        JS_FreeCString(ctx, text);
        JS_FreeValue(ctx, wrapped);
    }
    JS_FreeValue(ctx, answer);
    return module;
}

static void track(JSContext *ctx, JSValueConst promise, JSValueConst reason, bool is_handled, void *opaque)
{
    JSValueConst arguments[3] = {promise, reason, JS_NewBool(ctx, is_handled)};
    JS_FreeValue(ctx, JS_Call(ctx, rejected, JS_UNDEFINED, 3, arguments));
}

static int32_t keep(JSValue value)
{
    size_t length;
    const char *text = JS_IsString(value) ? JS_ToCStringLen(context, &length, value) : NULL;

    JS_FreeValue(context, value);
    if (!text)
        return -1;
    free(result);
    result = malloc(length + 1);
    if (result) {
        memcpy(result, text, length);
        result_length = length;
    }
    JS_FreeCString(context, text);
    return result ? (int32_t)result_length : -1;
}

static void define(JSValue object, const char *name, JSCFunction *function, int arguments)
{
    JS_SetPropertyStr(context, object, name, JS_NewCFunction(context, function, name, arguments));
}

EXPORTED("room") char *room(uint32_t length)
{
    return malloc((size_t)length + 1);
}

/* 0 when there is a runtime and its context. */
EXPORTED("start") int32_t start(uint32_t memory_bytes, uint32_t stack_bytes)
{
    JSValue global, math;

    runtime = JS_NewRuntime();
    if (!runtime)
        return 1;
    JS_SetMemoryLimit(runtime, memory_bytes);
    JS_SetMaxStackSize(runtime, stack_bytes);
    context = JS_NewContext(runtime);
    if (!context)
        return 2;
    dispatch = poll = resolve = load = rejected = furnish_part = JS_UNDEFINED;
    random_state = host_seed();

    global = JS_GetGlobalObject(context);
    math = JS_GetPropertyStr(context, global, "Math");
    JS_DefinePropertyValueStr(context, math, "random", JS_NewCFunction(context, draw, "random", 0),
                              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
    JS_FreeValue(context, math);
    JS_FreeValue(context, global);
    return 0;
}

/* Our own scripts are compiled once a worker, in a machine that runs nothing else: the length of the result, or -2. */
EXPORTED("compile") int32_t compile(char *script, uint32_t length)
{
    size_t size = 0;
    uint8_t *code = NULL;
    JSValue compiled;

    script[length] = 0;
    compiled = JS_Eval(context, script, length, "<devtime>", JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY);
    free(script);
    if (!JS_IsException(compiled))
        code = JS_WriteObject(context, &size, compiled, JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE);
    JS_FreeValue(context, compiled);
    if (!code)
        return -2;
    free(result);
    result = malloc(size);
    if (!result)
        return -2;
    memcpy(result, code, size);
    js_free(context, code);
    return (int32_t)size;
}

/* The value of a script of ours that `compile` made. */
static JSValue evaluate_ours(char *code, uint32_t length)
{
    JSValue function = JS_ReadObject(context, (uint8_t *)code, length, JS_READ_OBJ_BYTECODE);

    free(code);
    return JS_IsException(function) ? function : JS_EvalFunction(context, function);
}

/* Run the boot script: 0 when the machine is ready. */
EXPORTED("boot") int32_t boot(char *code, uint32_t length)
{
    JSValue native, begin, parts;

    begin = evaluate_ours(code, length);
    native = JS_NewObject(context);
    define(native, "ask", ask, 1);
    define(native, "evaluate", evaluate, 3);
    parts = JS_Call(context, begin, JS_UNDEFINED, 1, &native);
    JS_FreeValue(context, begin);
    JS_FreeValue(context, native);
    if (JS_IsException(parts))
        return 3;
    dispatch = JS_GetPropertyStr(context, parts, "dispatch");
    poll = JS_GetPropertyStr(context, parts, "poll");
    resolve = JS_GetPropertyStr(context, parts, "resolve");
    load = JS_GetPropertyStr(context, parts, "load");
    rejected = JS_GetPropertyStr(context, parts, "rejected");
    furnish_part = JS_GetPropertyStr(context, parts, "furnish");
    JS_FreeValue(context, parts);
    JS_SetModuleLoaderFunc(runtime, normalize, load_module, NULL);
    JS_SetHostPromiseRejectionTracker(runtime, track, NULL);
    return 0;
}

/* Hand the boot script the value of the kind's prelude: 0 when it took it. */
EXPORTED("furnish") int32_t furnish(char *code, uint32_t length)
{
    JSValue prelude = evaluate_ours(code, length);
    JSValue answer = JS_Call(context, furnish_part, JS_UNDEFINED, 1, &prelude);

    JS_FreeValue(context, prelude);
    JS_FreeValue(context, answer);
    return JS_IsException(answer) ? 4 : 0;
}

/* Hand a message to the boot script, let every job run, and ask it how things stand: the length of its answer, -1 for none,
 * -2 when even that failed. Frees the message. */
EXPORTED("send") int32_t send(char *message, uint32_t length)
{
    JSValue text = JS_NewStringLen(context, message, length);
    JSContext *of_job;
    JSValue answer;

    free(message);
    if (JS_IsException(text))
        return -2;
    answer = JS_Call(context, dispatch, JS_UNDEFINED, 1, &text);
    JS_FreeValue(context, text);
    if (JS_IsException(answer))
        return -2;
    JS_FreeValue(context, answer);
    while (JS_ExecutePendingJob(runtime, &of_job) != 0)
        ;
    answer = JS_Call(context, poll, JS_UNDEFINED, 0, NULL);
    if (JS_IsException(answer))
        return -2;
    if (JS_IsUndefined(answer))
        return -1;
    return keep(answer) < 0 ? -2 : (int32_t)result_length;
}

EXPORTED("result") char *result_start(void)
{
    return result;
}
