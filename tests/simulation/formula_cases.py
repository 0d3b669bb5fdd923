"""Formulas for tests: textbook functions, each function of the language, and hostile texts."""

from __future__ import annotations

from random import Random

# name: (text, dimension, parameters)
FORMULAS: dict[str, tuple[str, int | None, dict[str, tuple[float, ...]]]] = {
    "double well": ("x^4/4-x^2/2+y^2/2", None, {}),
    "hyperbola": ("0.5*(u*v-1)^2", None, {}),
    "Rosenbrock": ("(1-x)^2+100*(y-x^2)^2", None, {}),
    "monkey": ("x^3-3*x*y^2+0.75*(x^2+y^2)^2", None, {}),
    "Himmelblau": ("(x^2+y-11)^2+(x+y^2-7)^2", None, {}),
    "six-hump camel": ("(4-2.1x^2+x^4/3)x^2+x*y+(-4+4y^2)y^2", None, {}),
    "Beale": ("(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2", None, {}),
    "Müller–Brown": (
        "-200exp(-(x-1)^2-10y^2)-100exp(-x^2-10(y-0.5)^2)"
        "-170exp(-6.5(x+0.5)^2+11(x+0.5)*(y-1.5)-6.5(y-1.5)^2)"
        "+15exp(0.7(x+1)^2+0.6(x+1)*(y-1)+0.7(y-1)^2)", None, {}),
    "Styblinski–Tang": ("sum(w_i^4-16w_i^2+5w_i)/2", 3, {}),
    "toy": ("0.5x²-0.05y²+x^10+y^10", None, {}),
    "quadratic": ("a*x^2/2-b*y^2/2", None, {"a": (1.0,), "b": (0.1,)}),
    "chain": ("sum(100(w_{i+1}-w_i^2)^2+(1-w_i)^2,i=1..d-1)", 4, {}),
    "one way out": ("sum(w_i^4)/4-w1^2/2", 5, {}),
    "sphere": ("(sum(w_i^2)-1)^2/4+sum(i*w_i^2)/40", 4, {}),
    "tanh neuron": ("0.5(tanh(u*x)*v-y)^2+0.01(u^2+v^2)", None, {}),
    "waves": ("sin(x)*cos(y)+0.1(x^2+y^2)", None, {}),
    "Rastrigin": ("10d+sum(w_i^2-10cos(2π*w_i))", 3, {}),
    "deep scalar network": ("½(u*v*w-1)^2", None, {}),
    "sine of a product": ("sin(x*y)", None, {}),
    "quotient": ("x/(1+y^2)", None, {}),
    "quotient of sums": ("(x+2y)/(3+x^2*y^2)", None, {}),
    "negative power": ("(1+x^2)^-2-y^-3", None, {}),
    "powers of e": ("e^(x*y)+exp(-x)", None, {}),
    "powers of 2": ("2^x+3^(x*y)", None, {}),
    "x to the y": ("x^y", None, {}),
    "parameter as power": ("(x^2+y^2)^p+x^q", None, {"p": (1.3,), "q": (3.7,)}),
    "half powers": ("(x^2+y^2)^1.5-x^-0.5+sqrt(x+y)", None, {}),
    "root in a root": ("sqrt(1+sqrt(x*y))", None, {}),
    "logs": ("log(x)*log(1+y^2)-ln(x*y)", None, {}),
    "log of a sum": ("log(exp(x)+exp(y)+exp(-x-y))", None, {}),
    "tangent": ("tan(x*y/2)", None, {}),
    "hyperbolic": ("sinh(x)*cosh(y)-tanh(x-y)", None, {}),
    "sigmoids": ("sigmoid(3x-y)*sigmoid(y)", None, {}),
    "softplus": ("softplus(x-2y)+softplus(30x)", None, {}),
    "kinks": ("|x-2|*y+relu(x-y/9)+max(x,y-3,0)+min(x,y+2)", None, {}),
    "list": ("sum(b_i*(w_i-c)^2)+prod(w_i)", 3, {"b": (1.0, -0.5), "c": (0.25,)}),
    "product": ("prod(1-w_i/(i+1))-1", 3, {}),
    "double sum": ("sum(sum(cos(w_i-w_j)/(i+j),j=1..d),i=1..d-1)", 4, {}),
    "large power": ("(x/2)^71+(x-y)^65", None, {}),
    "signs": ("-x^2--y^2+-(x-y)*-(x+2y)", None, {}),
}  # fmt: skip

# None of these may raise anything but FormulaError, and most have to.
HOSTILE = (
    "", " ", "()", "(", ")", "x", "-", "^", "x^", "x+", "*x", "x*", "x//y", "x**", "x***y", "[]",
    "{}", "__import__('os').system('id')", "x.__class__", "eval(x)", "exec(x)", "lambda: x",
    "lambda x: x", "<script>alert(1)</script>", "{{7*7}}", "${x}", "%s", "%n", "x; y", "x\\y",
    "x'y", 'x"y', "`x`", "x\0", "x\u202ey", "\ufeffx", "ｘ+ｙ", "х", "𝑥", "x\u0301", "é", "∂x", "∞",
    "x!", "x?", "#x", "x@y", "nan", "inf*x", "NaN*x", "Infinity+x", "True*x", "None", "1e400*x",
    "1e308*10*x", "x/0", "0/0*x", "1/(x-x)", "log(-1)*x", "log(0)*x", "sqrt(-1)*x", "(-2)^0.5*x",
    "(-2)^x", "0^-1*x", "0^x", "10^10^10*x", "2^2^2^2^2^2*x", "9^9^9^9*x", "x^99999", "x^(10^10)",
    "x^-99999", "x^π", "x^x^x^x", "exp(exp(exp(exp(x))))", "exp(1000)*x", "tan(tan(tan(x)))",
    "1e-400*x", "5e-324*x", "x*0", "0*x", "(" * 60 + "x" + ")" * 60, "(" * 500, ")" * 500,
    "-" * 200 + "x", "+" * 499 + "x", "|" * 400, "^".join("x" * 60), "^".join("x" * 40),
    "x" * 500, "x" * 501, "9" * 400, "0." + "1" * 400, "x+" * 199, "+".join("x" * 250),
    "*".join("x" * 200), "x" + "(x)" * 160, "2" + "(x)" * 160, "a" * 21, "w9999",
    "sum(w_i^2,i=1..1000000)", "sum(w_i,i=1..d+999)", "sum(w_i,i=d..1)", "sum(w_{i-1})",
    "sum(w_{i+999})", "sum(sum(sum(w_i*w_j*w_k,k=1..d),j=1..d))",
    "sum(sum(w_i*w_j,i=1..d),i=1..d)", "sum(w_i", "sum()", "sum(x,i=1..64)",
    "sum(sum(" + "+".join(["x*y"] * 60) + ",j=1..64),i=1..64)", "prod(prod(x,j=1..64))",
    "sum(sum(sin(i*j*x+y)^3,j=1..64),i=1..64)", "sum(sum(exp(w_i*w_j/(i+j)),j=1..50),i=1..50)",
    "+".join(f"w{k}" for k in range(1, 52)), "+".join(f"w{k}" for k in range(1, 51)), "w51", "w0",
    "w_0", "x*" + "*".join("abcfghjklmnopqrst"), "x+d", "d", "e", "pi", "i", "w_i", "w_", "w_{",
    "w_{i}", "w[", "w[1]", "xy", "sinx", "sin", "sin x", "sin^2(x)", "x y", "x(y)", "1/2x", "2 3",
    "1.2.3", "1..2", "..", ".", ",", "0,5*x", "1.000,5*x", "max(x)", "min()", "max(x,)",
    "sin(x,y)", "sum(w_i,i)", "sum(w_i,i=1)", "x=y", "f(x)=x", "x==y", "x<y", "x>0", "x&&y",
    "x if y else z", "x for x in y", "x:=1", "import os", "if",
)  # fmt: skip

SHAPES = [
    "x", "y", "2", "(T)", "T+T", "T-T", "T*T", "T/T", "T^2", "T^T", "-T", "2T", "sin(T)",
    "max(T,T)", "log(T)", "exp(T)", "|T|", "sum(w_i*T)", "a*T", "sqrt(T)",
]  # fmt: skip


def written(random: Random) -> str:
    """A text that is mostly a formula: T is replaced until none is left, or it is long."""
    text = "T"
    while "T" in text and len(text) < 200:
        text = text.replace("T", random.choice(SHAPES), 1)
    return text.replace("T", "x")
