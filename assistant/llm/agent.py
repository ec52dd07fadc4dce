"""The LangChain agent. Importing this costs over a second: only `planner` does it, and only where a model is set."""

import os

# Questions and figures of a company go to no tracing service, whatever the environment says.
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"

from collections.abc import Sequence
from typing import Any

import anyio.to_thread
from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware
from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langchain_openai import ChatOpenAI

from assistant.llm.arguments import Consult, Find
from assistant.llm.toolbox import Toolbox
from assistant.llm.usage import QUESTION_TOKENS, ROUNDS, Usage
from core.settings import settings

_ANSWER_TOKENS = 900


class Unusable(Exception):
    """The model gave nothing that can be used; the message says what, for the trace."""


class Agent:
    """One question's exchange with the model; `draft` may be called again with a correction."""

    def __init__(self, instructions: str, toolbox: Toolbox, usage: Usage) -> None:
        self._usage = usage
        self._messages: list[AnyMessage] = []
        self._graph: Any = create_agent(
            _model(),
            _tools(toolbox),
            system_prompt=instructions,
            middleware=[ModelCallLimitMiddleware(run_limit=ROUNDS, exit_behavior="error")],
        )

    async def draft(self, text: str) -> str:
        """The model's answer to `text`. Unusable, or whatever the endpoint's failure raised."""
        self._messages.append(HumanMessage(text))
        async for update in self._graph.astream({"messages": self._messages}, stream_mode="updates"):
            for messages in (step.get("messages", ()) for step in update.values() if step):
                for message in messages:
                    self._take(message)
        last = self._messages[-1]
        answer = last.text.strip() if isinstance(last, AIMessage) else ""
        if not answer:
            raise Unusable("no text")
        return answer

    def _take(self, message: AnyMessage) -> None:
        self._messages.append(message)
        if isinstance(message, ToolMessage):
            self._usage.note("tool", name=message.name, result=message.text)
        if isinstance(message, AIMessage):
            self._count(message)
            if not message.response_metadata.get("finish_reason"):
                raise Unusable("cut short")  # a stream that ends without saying so was cut
            if message.response_metadata["finish_reason"] == "length":
                raise Unusable("too long")
            if message.invalid_tool_calls:
                raise Unusable("malformed tool call")
            if self._usage.tokens > QUESTION_TOKENS:
                raise Unusable("over the question's tokens")

    def _count(self, message: AIMessage) -> None:
        told = message.usage_metadata
        # An endpoint that does not say what it used is taken to use a token every four letters.
        used_in = told["input_tokens"] if told else sum(len(m.text) for m in self._messages[:-1]) // 4
        used_out = told["output_tokens"] if told else len(message.text) // 4 + 1
        self._usage.tokens_in += used_in
        self._usage.tokens_out += used_out
        calls = [{"name": call["name"], "args": call["args"]} for call in message.tool_calls]
        self._usage.note("model", text=message.text, calls=calls, tokens_in=used_in, tokens_out=used_out)


def _model() -> ChatOpenAI:
    chosen = settings()
    return ChatOpenAI(
        model=chosen.llm_model,
        base_url=chosen.llm_base_url,
        api_key=chosen.llm_api_key or "none",  # type: ignore[arg-type]  # local servers want any
        temperature=0,
        timeout=chosen.llm_timeout_seconds,
        stream_chunk_timeout=chosen.llm_timeout_seconds,
        max_retries=0,  # the deterministic answer is there at once; waiting for a busy endpoint is worse
        max_completion_tokens=_ANSWER_TOKENS,
        streaming=True,
        stream_usage=True,
    )


def _tools(toolbox: Toolbox) -> Sequence[BaseTool]:
    async def consult(**arguments: Any) -> str:
        return await anyio.to_thread.run_sync(toolbox.consult, Consult(**arguments))

    async def find(**arguments: Any) -> str:
        return await anyio.to_thread.run_sync(toolbox.find, Find(**arguments))

    return [
        StructuredTool.from_function(
            coroutine=consult, name="consultar", description=str(Consult.__doc__), args_schema=Consult
        ),
        StructuredTool.from_function(coroutine=find, name="buscar", description=str(Find.__doc__), args_schema=Find),
    ]


async def said(instructions: str, text: str, usage: Usage) -> str:
    """One answer without tools. Unusable, or whatever the endpoint's failure raised."""
    whole: AIMessageChunk | None = None
    messages = [SystemMessage(instructions), HumanMessage(text)]
    async for chunk in _model().astream(messages):
        whole = chunk if whole is None else whole + chunk
    if whole is None or not whole.text.strip():
        raise Unusable("no text")
    told = whole.usage_metadata
    usage.tokens_in += told["input_tokens"] if told else sum(len(m.text) for m in messages) // 4
    usage.tokens_out += told["output_tokens"] if told else len(whole.text) // 4 + 1
    usage.note("model", text=whole.text)
    if whole.response_metadata.get("finish_reason") != "stop":
        raise Unusable("cut short")
    return whole.text.strip()
